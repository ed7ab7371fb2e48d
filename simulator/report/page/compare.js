// What changed between two texts, word by word as a URL has words. In: before and after.
// Out: pieces {text, kind: "same"|"gone"|"new"}; those that are not new make up the one text, those not gone the other.

const WORDS = /<\w+>|[\w.~%-]+|[^\w.~%<-]|./gsu;
const MOST = 160_000; // comparisons; beyond that the middle is one change

export function comparison(before, after) {
  const [old, fresh] = [before, after].map((text) => text.match(WORDS) ?? []);
  const head = common(old, fresh, (words, place) => words[place]);
  const [oldRest, freshRest] = [old.slice(head), fresh.slice(head)];
  const tail = common(oldRest, freshRest, (words, place) => words[words.length - 1 - place]);
  const pieces = [
    ...old.slice(0, head).map((text) => ({ text, kind: "same" })),
    ...middle(oldRest.slice(0, oldRest.length - tail), freshRest.slice(0, freshRest.length - tail)),
    ...oldRest.slice(oldRest.length - tail).map((text) => ({ text, kind: "same" })),
  ];
  return joined(pieces);
}

function common(one, other, at) {
  const most = Math.min(one.length, other.length);
  let count = 0;
  while (count < most && at(one, count) === at(other, count)) count += 1;
  return count;
}

/** The longest common words stay; `kept[i][j]` is how many of them lie beyond i and j. */
function middle(old, fresh) {
  const gone = (words) => words.map((text) => ({ text, kind: "gone" }));
  const added = (words) => words.map((text) => ({ text, kind: "new" }));
  if (!old.length || !fresh.length || old.length * fresh.length > MOST) return [...gone(old), ...added(fresh)];
  const kept = Array.from({ length: old.length + 1 }, () => new Uint16Array(fresh.length + 1));
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = fresh.length - 1; j >= 0; j -= 1) {
      kept[i][j] = old[i] === fresh[j] ? kept[i + 1][j + 1] + 1 : Math.max(kept[i + 1][j], kept[i][j + 1]);
    }
  }
  const pieces = [];
  let [i, j] = [0, 0];
  while (i < old.length && j < fresh.length) {
    if (old[i] === fresh[j]) {
      pieces.push({ text: old[i], kind: "same" });
      i += 1;
      j += 1;
    } else if (kept[i + 1][j] >= kept[i][j + 1]) pieces.push(...gone([old[i++]]));
    else pieces.push(...added([fresh[j++]]));
  }
  return [...pieces, ...gone(old.slice(i)), ...added(fresh.slice(j))];
}

function joined(pieces) {
  const runs = [];
  for (const { text, kind } of pieces) {
    if (runs.at(-1)?.kind === kind) runs.at(-1).text += text;
    else runs.push({ text, kind });
  }
  return runs;
}

// Columns where marks would be too many: failing attempts stack up from a baseline, delivered ones down.
// In: lanes, a window and a scale. Out: counts, and from them SVG of a fixed size whatever the number of attempts.
import { h } from "sim/dom.js";
import { round, Strokes } from "sim/marks.js";
import { span } from "sim/rows.js";
import { FAMILIES } from "sim/words.js";

export const COLUMN = 3; // px
const KINDS = FAMILIES.length;
const TALLEST = 10; // px for one attempt, where there are few

/** Attempts counted by column and family; `counts[1]` holds what the filter leaves out. */
export function countColumns(lanes, window, scale, keep) {
  const slots = Math.max(1, Math.ceil((scale.right - scale.left) / COLUMN));
  const counts = [new Uint32Array(slots * KINDS), new Uint32Array(slots * KINDS)];
  for (const lane of lanes) {
    const [low, high] = span(lane, window);
    for (let index = low; index < high; index += 1) {
      const { ladder, attempt } = lane.marks.list[index];
      const slot = Math.min(slots - 1, Math.floor((scale.x(attempt.started) - scale.left) / COLUMN));
      counts[keep(ladder.delivery) ? 0 : 1][slot * KINDS + FAMILIES.indexOf(attempt.family)] += 1;
    }
  }
  return { slots, counts, left: scale.left, ...tallest(slots, counts) };
}

function tallest(slots, [kept, rest]) {
  let [up, down] = [0, 0];
  for (let slot = 0; slot < slots; slot += 1) {
    const at = slot * KINDS;
    let failing = 0;
    for (let kind = 1; kind < KINDS; kind += 1) failing += kept[at + kind] + rest[at + kind];
    up = Math.max(up, failing);
    down = Math.max(down, kept[at] + rest[at]);
  }
  return { up, down };
}

/** What a filter leaves out stands at the far ends of the columns, pale. */
export function drawColumns({ slots, counts, left, up, down }, baseline, room) {
  const unit = Math.min(TALLEST, room.up / Math.max(1, up), room.down / Math.max(1, down));
  const strokes = [new Strokes(), new Strokes()];
  for (let slot = 0; slot < slots; slot += 1) {
    let [above, below] = [baseline, baseline];
    for (const side of [0, 1]) {
      for (let kind = 0; kind < KINDS; kind += 1) {
        const count = counts[side][slot * KINDS + kind];
        if (!count) continue;
        const tall = count * unit;
        strokes[side].add(FAMILIES[kind], bar(left + slot * COLUMN, kind ? above - tall : below, tall), count);
        if (kind) above -= tall;
        else below += tall;
      }
    }
  }
  const [kept, rest] = strokes.map((one) => one.trees(FAMILIES));
  return [h("g", { class: "rest bars" }, rest), h("g", { class: "bars" }, kept)];
}

function bar(x, y, tall) {
  const wide = COLUMN - 0.5;
  return `M${round(x)} ${round(y)}h${wide}v${round(Math.max(tall, 0.6))}h${-wide}z`;
}

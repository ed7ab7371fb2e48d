// The retry ladder on its own axis: equal slots for 0, 30 s, 5 m, 30 m, 3 h, 20 h.
// In: a scene and one delivery. Out: trees of SVG, a glyph for rows and a large one to read.
import { h } from "sim/dom.js";
import { round, SHAPES, Strokes } from "sim/marks.js";
import { dayText, durationText, FAMILIES, SECOND, timeText } from "sim/words.js";

const SLOT = 14; // px of a slot in the glyph
const WIDTH = 400; // px of the large ladder
const ORDER = [...FAMILIES, "exhausted", "cancelled", "dash", "duplicate", "due"];

/** One chain, slot by slot; `last` is the slot of its last attempt, -1 where there was none. */
function slotsOf(scene, delivery, chain) {
  const attempts = delivery.attempts.filter((one) => one.chain === chain);
  return {
    attempts,
    last: Math.max(0, ...attempts.map((one) => one.position)) - 1,
    latest: chain === (delivery.attempts.at(-1)?.chain ?? 1),
    all: Array.from({ length: scene.ladder.length + 1 }, (_, slot) => slot),
  };
}

function marks(delivery, { attempts, last, latest }, x, y, r) {
  const strokes = new Strokes();
  for (const { family, position, duplicate } of attempts) {
    strokes.add(duplicate ? "duplicate" : family, SHAPES[family](x(position - 1), y, duplicate ? r + 2.2 : r));
  }
  const { state, nextDue } = delivery;
  if (latest && nextDue) strokes.add("due", SHAPES.due(x(last + 1), y, r));
  if (latest && last >= 0 && SHAPES[state]) strokes.add(state, SHAPES[state](x(last), y, r));
  if (latest && last < 0 && state === "cancelled") strokes.add("dash", SHAPES.dash(x(0), y, r));
  return strokes.trees(ORDER);
}

const rail = ({ last }, x, y) => last > 0 && h("path", { class: "rail", d: `M${x(0)} ${y}H${x(last)}` });
const dots = (slots, x, y, r) =>
  h("path", { class: "slot", d: slots.map((slot) => SHAPES.ok(x(slot), y, r)).join("") });

/** The latest chain in the height of a row; slots that were not reached are dots. */
export function glyph(scene, delivery) {
  const found = slotsOf(scene, delivery, delivery.attempts.at(-1)?.chain ?? 1);
  const x = (slot) => 8 + slot * SLOT;
  return h("svg", { class: "glyph", width: x(found.all.length), height: 16, "aria-hidden": "true" },
    rail(found, x, 8),
    dots(found.all.slice(found.last + 1), x, 8, 1.3),
    marks(delivery, found, x, 8, 4));
}

/** One chain to read: delays between the slots, exact instants under them, changes of revision as ticks. */
export function largeLadder(scene, delivery, chain) {
  const found = slotsOf(scene, delivery, chain);
  const x = (slot) => round(((slot + 0.5) * WIDTH) / found.all.length);
  const proper = found.attempts.filter((one) => !one.duplicate);
  const due = found.latest && delivery.nextDue ? [{ position: found.last + 2, started: delivery.nextDue }] : [];
  const delay = (seconds, slot) => h("text", { x: x(slot + 0.5), y: 12 }, durationText(seconds * SECOND));
  return h("svg", { class: "ladder", viewBox: `0 0 ${WIDTH} 84`, width: WIDTH, height: 84, "aria-hidden": "true" },
    h("path", { class: "axis-line", d: `M${x(0)} 32H${x(found.all.length - 1)}` }),
    rail(found, x, 32),
    dots(found.all, x, 32, 2),
    scene.ladder.map(delay),
    revisionTicks(delivery, proper, x),
    marks(delivery, found, x, 32, 6),
    [...proper, ...due].map(({ position, started }) => instant(x(position - 1), started)));
}

function instant(x, at) {
  const time = h("tspan", { x, dy: 14 }, timeText(at).slice(0, 8));
  return h("text", { class: "instant", y: 58 }, h("tspan", { x }, dayText(at)), time);
}

/** A changed definition stands between the attempts on either side of its instant; the first one changed nothing. */
function revisionTicks({ subscription }, attempts, x) {
  return subscription.revisions.slice(1).map(({ number, at }) => {
    const next = attempts.findIndex((one) => one.started > at);
    if (next <= 0) return null;
    const middle = x((attempts[next - 1].position + attempts[next].position) / 2 - 1);
    const name = h("text", { x: middle, y: 49 }, `r${number}`);
    return h("g", { class: "revision" }, h("path", { d: `M${middle} 25v14` }), name);
  });
}

// The SVG of the lanes: a pure function of scene, window and width; live page and report call the same one.
// In: values. Out: a tree of SVG whose size does not depend on the number of attempts. Themed by the stylesheet.
import { drawAxis, drawNow } from "sim/axis.js";
import { bands, patterns } from "sim/bands.js";
import { COLUMN, countColumns, drawColumns } from "sim/columns.js";
import { h } from "sim/dom.js";
import { LETTER } from "sim/layout.js";
import { round, SHAPES, Strokes } from "sim/marks.js";
import { clusters, laddersIn, locate } from "sim/rows.js";
import { countText, durationText, FAMILIES, numberText, summaryText } from "sim/words.js";

const BEHIND = ["rail", "rail-due", "echo"];
const BESIDE = ["exhausted", "cancelled", "dash", "fault-mark", "duplicate", "due", "due-lit"];
const ORDER = [...BEHIND, ...FAMILIES, ...BESIDE];
const NAME_ROOM = 164; // px for the name beside a lane
const MARGIN_PX = 20;

/** `view`: scene, layout, selected, nowLabel, keep (what the filter lets through), seen (what is on screen). */
export function drawPicture(view) {
  const { layout, scene, seen } = view;
  const { width, height } = layout;
  const inSight = layout.lanes.filter((place) => !seen || (place.bottom > seen.top && place.top < seen.bottom));
  return h("svg", {
    class: "picture", role: "img", "aria-label": summaryText(scene, layout.window),
    width, height, viewBox: `0 0 ${width} ${height}`,
  },
  patterns(),
  drawAxis(layout, scene.now, view.nowLabel),
  inSight.map((place) => drawLane(view, place)),
  drawNow(layout, scene.now, view.nowLabel));
}

function drawLane(view, place) {
  const { layout, scene, selected } = view;
  const chosen = selected && locate([place.lane], selected);
  const band = chosen && chosenBand(layout, place, chosen);
  const lit = view.lit === place.lane.subscription.id;
  return h("g", { class: "lane", "data-subscription": place.lane.subscription.id },
    lit && h("rect", { class: "lit", x: 0, y: place.top, width: layout.width, height: place.height }),
    bands(scene, layout, place),
    h("path", { class: "floor", d: `M0 ${place.bottom}H${layout.width}` }),
    place.inColumns
      ? [inColumns(view, place), band, chosen && chosenLadder(layout, place, chosen)]
      : [band, inRows(view, place)],
    chosen && chosenMark(layout, place, chosen));
}

function laneName(layout, place, scene, third = "") {
  const { subscription } = place.lane;
  const { name, record } = subscription;
  const second = scene.health.get(subscription)?.text ?? secondName(place, name, record);
  if (place.head) {
    const room = Math.floor((layout.width - 40) / LETTER) - name.length;
    const aside = h("tspan", { class: "aside", dx: 6 }, (third || second).slice(0, room));
    return h("text", { class: "name", x: layout.left, y: place.top + 15 }, name, aside);
  }
  const aside = (text) => text && h("tspan", { class: "aside", x: 4, dy: 15 }, fit(text, LETTER));
  return h("text", { class: "name", x: 4, y: place.top + 17 }, fit(name, LETTER * 1.2),
    h("title", null, `${name} · ${record.event ?? ""}`), aside(second), aside(third));
}

/** The event, where the name does not say it and there is room; several are counted. */
function secondName({ lane }, name, { event = "" }) {
  if (event === name || !lane.ladders.length) return "";
  const many = event.split(", ").length;
  return many > 1 ? countText(many, "event") : event;
}

function fit(text, letter) {
  const most = Math.floor(NAME_ROOM / letter);
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

// ---- rows

function inRows({ layout, scene, keep, litDue }, place) {
  const [kept, rest] = [new Strokes(), new Strokes()];
  const taken = [];
  for (const ladder of laddersIn(place.lane, layout.window, layout.scale.perPx * MARGIN_PX)) {
    drawLadder(layout, place, ladder, keep(ladder.delivery) ? kept : rest, taken);
    const next = litDue && ladder.due === litDue;
    if (next) kept.add("due-lit", SHAPES.due(layout.scale.x(litDue), place.y(ladder), place.size));
  }
  return [
    h("g", { class: "rest" }, rest.trees(ORDER)),
    h("g", null, kept.trees(ORDER)),
    numbers(taken),
    laneName(layout, place, scene),
  ];
}

/** How many attempts clusters hold, as one node for the lane; a number that would touch the next mark is left out. */
function numbers(taken) {
  const touches = ({ x, y }) => taken.some((other) => other.y === y && other.left > x - 8 && other.left < x + 8);
  const shown = taken.filter((one) => one.text && !touches(one));
  const list = (name) => shown.map((one) => one[name]).join(" ");
  const digits = shown.map((one) => one.text).join("");
  return shown.length > 0 && h("text", { class: "count", x: list("x"), y: list("y") }, digits);
}

function drawLadder(layout, place, ladder, strokes, taken) {
  const { scale, window, left, right } = layout;
  const [y, r] = [place.y(ladder), place.size / 2];
  const within = (at) => round(Math.min(right, Math.max(left, scale.x(at))));
  const last = ladder.attempts.at(-1)?.started ?? ladder.from;
  if (ladder.attempts.length > 1) strokes.add("rail", `M${within(ladder.from)} ${y}H${within(last)}`);
  if (ladder.due && place.lane.subscription.record.enabled) {
    strokes.add("rail-due", `M${within(last)} ${y}H${within(ladder.due)}`);
    if (ladder.due <= window.to) strokes.add("due", SHAPES.due(scale.x(ladder.due), y, r));
    taken.push({ y: round(y + 3.5), left: scale.x(ladder.due) - r });
  }
  if (!ladder.attempts.length && !ladder.due) strokes.add("dash", SHAPES.dash(scale.x(ladder.from), y, r));
  const shown = ladder.attempts.filter((one) => one.started >= window.from && one.started <= window.to);
  for (const cluster of clusters(shown, scale, place.size)) drawCluster(place, ladder, cluster, strokes, taken);
}

/** The last outcome's own shape in front, one echo behind it, the count beside it where rows are wide. */
function drawCluster(place, ladder, { attempts, x }, strokes, taken) {
  const [y, r] = [place.y(ladder), place.size / 2];
  const front = attempts.at(-1);
  const many = attempts.length > 1;
  const ends = front === ladder.attempts.at(-1) && SHAPES[ladder.end] !== undefined;
  if (many) strokes.add("echo", SHAPES[front.family](x - 4, y, r));
  strokes.add(front.family, SHAPES[front.family](x, y, r), attempts.length);
  if (ends) strokes.add(ladder.end, SHAPES[ladder.end](x, y, r));
  if (attempts.some((one) => one.record.fault)) strokes.add("fault-mark", SHAPES.fault(x, y, r));
  if (attempts.some((one) => one.duplicate)) strokes.add("duplicate", SHAPES[front.family](x, y, r + 2.5));
  const text = many && place.pitch === 12 && (attempts.length > 9 ? "+" : String(attempts.length));
  taken.push({ text, x: round(x + r + (ends ? 6 : 3)), y: round(y + 3.5), left: x - r - 5 });
}

// ---- columns

function inColumns({ layout, scene, keep }, place) {
  const found = countColumns([place.lane], layout.window, layout.scale, keep);
  const most = numberText(Math.max(found.up, found.down));
  return [
    drawColumns(found, place.baseline, { up: place.baseline - place.body, down: place.bottom - 4 - place.baseline }),
    h("path", { class: "baseline", d: `M${layout.left} ${place.baseline}H${layout.right}` }),
    laneName(layout, place, scene, `column ${durationText(layout.scale.perPx * COLUMN, 1)}, at most ${most}`),
  ];
}

// ---- the selection

const rowOf = (place, ladder) => (place.inColumns ? place.baseline : place.y(ladder));
const instantOf = ({ ladder, index }) => ladder.attempts[index]?.started ?? ladder.due ?? ladder.from;

function chosenBand(layout, place, { ladder }) {
  const edge = (at, air) => Math.min(layout.right, Math.max(layout.left, layout.scale.x(at) + air));
  const from = edge(ladder.from, -9);
  const to = edge(ladder.due ?? ladder.attempts.at(-1)?.started ?? ladder.from, 12);
  const y = rowOf(place, ladder) - 8;
  return h("rect", { class: "chosen", x: round(from), y, width: round(Math.max(0, to - from)), height: 16, rx: 8 });
}

/** Among columns the selected ladder stands mark by mark on the baseline. */
function chosenLadder(layout, place, { ladder }) {
  const strokes = new Strokes();
  for (const { family, started } of ladder.attempts) {
    const x = layout.scale.x(started);
    if (x >= layout.left && x <= layout.right) strokes.add(family, SHAPES[family](x, place.baseline, 4.5));
  }
  return strokes.trees(ORDER);
}

function chosenMark(layout, place, chosen) {
  const x = layout.scale.x(instantOf(chosen));
  const inSight = x >= layout.left && x <= layout.right;
  return inSight && h("circle", { class: "chosen-mark", cx: round(x), cy: rowOf(place, chosen.ladder), r: 9 });
}

/** Where the selected attempt stands, for the node that takes the keyboard's focus. */
export function placeOf(layout, lanes, selected) {
  const found = selected && locate(lanes, selected);
  if (!found) return null;
  const at = instantOf(found);
  const x = Math.min(layout.right, Math.max(layout.left, layout.scale.x(at)));
  return { ...found, at, x, y: rowOf(layout.lanes[lanes.indexOf(found.lane)], found.ladder) };
}

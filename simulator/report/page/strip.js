// The whole run in one strip: failing up, delivered down, faults, flags, and the brush that says where the lanes look.
// In: values. Out: a tree of SVG, and which part of the brush lies under a point.
import { faultsOf } from "sim/bands.js";
import { countColumns, drawColumns } from "sim/columns.js";
import { h } from "sim/dom.js";
import { round } from "sim/marks.js";
import { makeScale } from "sim/scale.js";

const STRIP = 44;
const BASELINE = STRIP - 16;
const GRIP = 10; // px around an edge of the brush

export const stripScale = (scene, layout) => makeScale(scene.run, layout.left, layout.right);

/** What does not depend on the window, and so need not be drawn again while it moves. */
export function drawStripGround({ scene, lanes, layout, keep }) {
  const { left, right, narrow } = layout;
  const scale = stripScale(scene, layout);
  const found = countColumns(lanes, scene.run, scale, keep);
  const faults = new Set(scene.subscriptions.flatMap((one) => faultsOf(scene, one)));
  const shade = [...faults].map((one) => box(scale.x(one.from), scale.x(one.to ?? scene.now)));
  const off = scene.subscriptions.flatMap((one) => one.disabled).map((one) => scale.x(one.from));
  return h("g", null,
    h("rect", { class: "ground", x: left, y: 0, width: right - left, height: STRIP, rx: 4 }),
    h("path", { class: "fault", d: shade.join("") }),
    drawColumns(found, BASELINE, { up: BASELINE - 5, down: STRIP - BASELINE - 3 }),
    h("path", { class: "baseline", d: `M${left} ${BASELINE}H${right}` }),
    h("path", { class: "flag", d: off.map((x) => `M${round(x)} 2h6l-2 2.5 2 2.5h-5v5h-1z`).join("") }),
    h("path", { class: "now-line", d: `M${round(scale.x(scene.now))} 0V${STRIP}` }),
    !narrow && h("text", { class: "name aside", x: 4, y: STRIP / 2 + 4 }, "Whole run"));
}

export function drawStrip(scene, layout, ground) {
  const { left, right, width } = layout;
  const [from, to] = brushOf(layout, stripScale(scene, layout));
  const veil = `M${left} 0H${from}V${STRIP}H${left}zM${to} 0H${right}V${STRIP}H${to}z`;
  return h("svg", { class: "strip", width, height: STRIP, viewBox: `0 0 ${width} ${STRIP}`, "aria-hidden": "true" },
    ground,
    h("path", { class: "veil", d: veil }),
    h("rect", { class: "brush", x: from, y: 1, width: Math.max(2, round(to - from)), height: STRIP - 2, rx: 4 }),
    h("path", { class: "grip", d: `M${from} ${STRIP / 2 - 7}v14M${to} ${STRIP / 2 - 7}v14` }));
}

const box = (from, to) => `M${round(from)} 0H${round(Math.max(to, from + 1))}V${STRIP}H${round(from)}z`;

function brushOf(layout, scale) {
  return [layout.window.from, layout.window.to]
    .map((at) => round(Math.min(layout.right, Math.max(layout.left, scale.x(at)))));
}

/** `from`, `to` (an edge), `move` (the brush itself) or `jump` (elsewhere: the brush comes there first). */
export function gripAt(scene, layout, x) {
  const [from, to] = brushOf(layout, stripScale(scene, layout));
  if (Math.abs(x - from) <= GRIP && x < (from + to) / 2) return "from";
  if (Math.abs(x - to) <= GRIP) return "to";
  return x > from && x < to ? "move" : "jump";
}

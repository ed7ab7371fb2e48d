// The shared axis: ticks, dates, and the line of now with what lies beyond it.
// In: a layout and a scene. Out: trees of SVG.
import { h } from "sim/dom.js";
import { AXIS, LETTER } from "sim/layout.js";
import { round } from "sim/marks.js";
import { days, ticks } from "sim/scale.js";
import { DAY, dayText, MINUTE, timeText } from "sim/words.js";

const GAP = 84; // px between labels
const GAP_NARROW = 76;

export function drawAxis(layout, now, nowLabel) {
  const { scale, left, right, height, window } = layout;
  const gap = layout.narrow ? GAP_NARROW : GAP;
  const { step, at } = ticks(window, scale, gap);
  const midnights = days(window, scale, gap);
  const line = (from) => (one) => `M${round(scale.x(one))} ${from}V${height}`;
  const times = step < DAY ? at.filter((one) => scale.x(one) < right - 24) : [];
  const dates = [...(scale.x(midnights[0] ?? Infinity) - left < gap ? [] : [window.from]), ...midnights];
  return h("g", { class: "axis" },
    h("path", { class: "grid", d: at.map(line(AXIS - 6)).join("") }),
    h("path", { class: "midnight", d: midnights.map(line(AXIS - 22)).join("") }),
    dates.filter(beside(layout, now, nowLabel)).map((one) =>
      h("text", { class: "date", x: round(scale.x(one) + (one === window.from ? 0 : 4)), y: 12 }, dayText(one))),
    times.map((one) =>
      h("text", { x: round(scale.x(one) + 4), y: 27 }, timeText(one).slice(0, step < MINUTE ? 8 : 5))));
}

/** Dates give way to the label of now, and to the edge. */
function beside({ scale, right }, now, nowLabel) {
  const to = scale.x(now);
  const from = to - LETTER * nowLabel.length - 12;
  return (at) => {
    const [start, end] = [scale.x(at), scale.x(at) + dayText(at).length * 7];
    return end < right && (end < from || start > to);
  };
}

export function drawNow(layout, now, nowLabel) {
  const x = layout.scale.x(now);
  if (x < layout.left || x > layout.right) return null;
  const [width, height] = [round(layout.right - x), layout.height - AXIS];
  return h("g", { class: "now" },
    width > 1 && h("rect", { class: "future", x: round(x), y: AXIS, width, height }),
    h("path", { d: `M${round(x)} 4V${layout.height}` }),
    h("text", { x: round(x - 5), y: 12, "text-anchor": "end" }, nowLabel));
}

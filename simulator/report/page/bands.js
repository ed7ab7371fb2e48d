// What lies behind the marks of a lane: faults as hatch, disabled stretches as dots, and the words above them.
// In: a placed lane. Out: trees of SVG. Faults and disabling are neutral: colour belongs to outcomes.
import { h } from "sim/dom.js";
import { LETTER } from "sim/layout.js";
import { disabledText } from "sim/scene.js";
import { round } from "sim/marks.js";

const clip = (layout, x) => Math.min(layout.right, Math.max(layout.left, x));

/** The two textures; they stand once in the page and are used by strip and lanes. */
export function patterns() {
  const hatch = h("pattern", { id: "sim-hatch", width: 6, height: 6, patternUnits: "userSpaceOnUse",
    patternTransform: "rotate(45)" }, h("path", { class: "hatch-line", d: "M0 0v6" }));
  const dots = h("pattern", { id: "sim-dots", width: 6, height: 6, patternUnits: "userSpaceOnUse" },
    h("path", { class: "dot", d: "M1 1h1.4v1.4h-1.4zM4 4h1.4v1.4h-1.4z" }));
  return h("defs", null, hatch, dots);
}

export function faultsOf(scene, subscription) {
  return scene.faults.filter((one) => !one.subscriptionId || one.subscriptionId === subscription.id);
}

/** Stretches that touch the window, cut to it, as px. */
function cut(layout, now, spans) {
  return spans
    .map((span) => ({ span, from: layout.scale.x(span.from), to: layout.scale.x(span.to ?? now) }))
    .filter(({ from, to }) => to >= layout.left && from <= layout.right)
    .map(({ span, from, to }) => ({ span, from: clip(layout, from), to: clip(layout, Math.max(to, from + 1)) }));
}

const box = ({ from, to }, top, bottom) => `M${round(from)} ${top}H${round(to)}V${bottom}H${round(from)}z`;

function edges({ span, from, to }, layout, top, bottom) {
  const left = from > layout.left ? `M${round(from)} ${top}V${bottom}` : "";
  return left + (span.to !== null && to < layout.right ? `M${round(to)} ${top}V${bottom}` : "");
}

export function bands(scene, layout, place) {
  const { subscription } = place.lane;
  const [top, bottom] = [place.top + place.head, place.bottom];
  const faults = cut(layout, scene.now, faultsOf(scene, subscription));
  const disabled = cut(layout, scene.now, subscription.disabled);
  return [
    disabled.length && h("path", { class: "disabled", d: disabled.map((one) => box(one, top, bottom)).join("") }),
    faults.length && h("path", { class: "fault", d: faults.map((one) => box(one, top, bottom)).join("") }),
    faults.length && h("path", { class: "edge", d: faults.map((one) => edges(one, layout, top, bottom)).join("") }),
    ticks(subscription, layout, top, bottom),
    flags(disabled, layout, top, bottom),
    place.lane.ladders.length > 0 && labels(faults, disabled, layout, top + 13),
  ];
}

/** A flag where a subscription goes off, a pennant where it comes back. */
function flags(disabled, layout, top, bottom) {
  const inside = (x) => x > layout.left && x < layout.right;
  const off = disabled.filter(({ from }) => inside(from));
  const on = disabled.filter(({ span, to }) => span.to !== null && inside(to));
  const pole = (x) => `M${round(x)} ${top + 3}V${bottom}`;
  const cloth = (x) => `M${round(x)} ${top + 4}h8l-2.5 3.5 2.5 3.5h-8z`;
  const [starts, ends] = [off.map((one) => one.from), on.map((one) => one.to)];
  return [
    starts.length + ends.length > 0 && h("path", { class: "pole", d: [...starts, ...ends].map(pole).join("") }),
    starts.length > 0 && h("path", { class: "flag", d: starts.map(cloth).join("") }),
    ends.length > 0 && h("path", { class: "pennant", d: ends.map(cloth).join("") }),
  ];
}

/** A definition that changed, at its instant: from here on attempts go by another one (E8). */
function ticks({ revisions }, layout, top, bottom) {
  const changed = revisions.filter((one, index) => index > 0 && one.enabled === revisions[index - 1].enabled);
  const shown = changed.map((one) => layout.scale.x(one.at)).filter((x) => x > layout.left && x < layout.right);
  const tick = (x) => `M${round(x)} ${top + 8}V${bottom}M${round(x - 3)} ${top + 4}h6l-3 5z`;
  return shown.length > 0 && h("path", { class: "revised", d: shown.map(tick).join("") });
}

/** Words shorten, then vanish, where they would touch the next ones; flags and edges stay. */
function labels(faults, disabled, layout, y) {
  const wanted = [
    ...faults.map(({ span, from }) => ({ x: from + 5, texts: [span.label, span.kind] })),
    ...disabled.map(({ span, from }) => ({ x: from + 12, texts: [disabledText(span), "disabled", "off"] })),
    ...disabled.filter(({ span }) => span.to !== null).map(({ to }) => ({ x: to + 12, texts: ["enabled"] })),
  ].sort((a, b) => a.x - b.x);
  const placed = wanted.map(({ x, texts }, index) => {
    const room = (wanted[index + 1]?.x ?? layout.right + 10) - 14 - x;
    return { x: round(x), text: texts.find((one) => one.length * LETTER <= room) };
  }).filter(({ text }) => text);
  const ground = placed.map(({ x, text }) => `M${x - 3} ${y - 12}h${round(text.length * LETTER + 4)}v15H${x - 3}z`);
  return placed.length > 0 && [
    h("path", { class: "label-ground", d: ground.join("") }),
    placed.map(({ x, text }) => h("text", { class: "label", x, y }, text)),
  ];
}

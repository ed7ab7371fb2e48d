// Virtual time and pixels: linear, so that distance never lies.
// In: a window {from, to} in virtual microseconds and a width. Out: numbers, ticks, other windows.
import { DAY, HOUR, MINUTE, SECOND } from "sim/words.js";

const STEPS = [
  10 * SECOND, 30 * SECOND, MINUTE, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE,
  HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 7 * DAY, 28 * DAY,
];
const NARROWEST = MINUTE;

export const PRESETS = [
  { name: "10 min", span: 10 * MINUTE }, { name: "1 h", span: HOUR },
  { name: "6 h", span: 6 * HOUR }, { name: "2 d", span: 2 * DAY },
];

/** Time to px and back, for a window drawn between two edges. */
export function makeScale(window, left, right) {
  const perPx = (window.to - window.from) / Math.max(1, right - left);
  return {
    left,
    right,
    perPx,
    x: (at) => left + (at - window.from) / perPx,
    at: (x) => Math.round(window.from + (x - left) * perPx),
  };
}

/** Tick instants at the finest step that keeps labels `gap` px apart. */
export function ticks(window, scale, gap) {
  const step = STEPS.find((size) => size / scale.perPx >= gap) ?? STEPS.at(-1);
  const found = [];
  for (let at = Math.ceil(window.from / step) * step; at <= window.to; at += step) found.push(at);
  return { step, at: found };
}

/** Midnights within the window: the date stands once a day, as often as `gap` allows. */
export function days(window, scale, gap) {
  const every = Math.max(1, Math.ceil((gap * scale.perPx) / DAY)) * DAY;
  const found = [];
  for (let at = Math.ceil(window.from / DAY) * DAY; at <= window.to; at += DAY) {
    if (!found.length || at - found.at(-1) >= every) found.push(at);
  }
  return found;
}

/** The window kept inside the run, never narrower than a minute. */
export function clamp(window, run) {
  const widest = Math.max(run.to - run.from, NARROWEST);
  const span = Math.min(widest, Math.max(NARROWEST, window.to - window.from));
  const middle = (window.from + window.to) / 2;
  const from = Math.round(Math.min(Math.max(middle - span / 2, run.from), run.from + widest - span));
  return { from, to: from + Math.round(span) };
}

/** Zoom by a factor (below 1: closer) with the instant `around` staying where it is. */
export function zoom(window, factor, around, run) {
  const span = Math.max(NARROWEST, (window.to - window.from) * factor);
  const share = (around - window.from) / (window.to - window.from);
  const from = around - span * share;
  return clamp({ from, to: from + span }, run);
}

export function pan(window, by, run) {
  return clamp({ from: window.from + by, to: window.to + by }, run);
}

export function around(at, span, run) {
  return clamp({ from: at - span / 2, to: at + span / 2 }, run);
}

/** A window that holds all these instants, with air on both sides. */
export function frame(instants, run) {
  const from = instants.reduce((first, at) => Math.min(first, at), Infinity);
  const to = instants.reduce((last, at) => Math.max(last, at), -Infinity);
  const air = Math.max(MINUTE, (to - from) * 0.08);
  return clamp({ from: from - air, to: to + air }, run);
}

/** The same span, moved only as far as needed to hold the instant. */
export function reveal(window, at, run) {
  if (at >= window.from && at <= window.to) return window;
  const air = (window.to - window.from) * 0.06;
  if (at < window.from) return pan(window, at - air - window.from, run);
  return pan(window, at + air - window.to, run);
}

// What is shown of the state: which stretch of virtual time, which delivery, which filter, which panel.
// In: changes. Out: values; the address holds all of it, so that a view can be sent, and Back returns to it.
import { readAddress, writeAddress } from "sim/address.js";
import { clamp } from "sim/scale.js";
import { HOUR, MINUTE, SECOND } from "sim/words.js";

export const PANELS = ["deliveries", "events", "subscriptions", "faults", "receiver"];
const BEFORE_NOW = 0.72; // share of the width that lies in the past while now is followed
const FIRST_SPAN = HOUR;

/** `mode`: whole (all there is, as it grows), follow (now stays where it is on screen) or held (a fixed window). */
const START = {
  selected: null, query: "", panel: "deliveries", mode: "whole", span: FIRST_SPAN, window: null, pinned: null,
};

/** A lesson's own lanes come first, those of deleted subscriptions last; the others keep their places. */
export function inOrder(lanes, lesson) {
  const own = new Set(lesson?.subscriptions);
  const place = ({ subscription: { name, record } }) => (own.has(name) ? 0 : record.deleted_at ? 2 : 1);
  return lanes.toSorted((a, b) => place(a) - place(b));
}

/** Where the run begins and ends on screen; the end moves in steps, so that marks do not creep all the time. */
export function runOf(scene, now, view) {
  const from = scene.run.from;
  const ahead = view.mode === "follow" ? view.span * (1 - BEFORE_NOW) : 0;
  const to = Math.max(scene.run.to, now + Math.max(MINUTE, ahead, (now - from) * 0.03));
  const step = Math.max(MINUTE, 2 ** Math.ceil(Math.log2((to - from) / 48)));
  return { from, to: from + Math.ceil((to - from) / step) * step };
}

export function windowOf(view, now, run) {
  if (view.mode === "follow") return following(view, now, run);
  return view.mode === "held" && view.window ? clamp(view.window, run) : run;
}

function following({ span }, now, run) {
  const from = now - span * BEFORE_NOW;
  return clamp({ from, to: from + span }, { from: Math.min(run.from, from), to: run.to });
}

/** A window that somebody chose: the whole run, another span around now, or a stretch that stands. */
export function chosen(view, window, run, before) {
  const span = window.to - window.from;
  if (span >= (run.to - run.from) * 0.999) return { mode: "whole", window: null };
  const zoomed = Math.abs(span - (before.to - before.from)) > SECOND;
  if (view.mode === "follow" && zoomed) return { span };
  return { mode: "held", window, span };
}

export function readView(hash) {
  const { selected, window, query } = readAddress(hash);
  const found = new URLSearchParams(hash.replace(/^#/, ""));
  const span = Number(found.get("f")) * SECOND;
  const panel = PANELS.includes(found.get("p")) ? found.get("p") : "deliveries";
  const place = window ? { mode: "held", window } : span ? { mode: "follow", span } : { mode: "whole" };
  return { ...START, selected, query, panel, ...place };
}

export function writeView(view, run) {
  const window = view.mode === "held" ? view.window : run;
  const parts = [writeAddress({ ...view, window }, run).slice(1)];
  if (view.mode === "follow") parts.push(`f=${Math.round(view.span / SECOND)}`);
  if (view.panel !== "deliveries") parts.push(`p=${view.panel}`);
  return `#${parts.filter(Boolean).join("&")}`;
}

// The report: wires the record, the pure picture and the elements; there is nothing to fetch and no clock to move.
// In: the JSON in the page and the address. Out: the page, and the address again.
import { readAddress, writeAddress } from "sim/address.js";
import { finishedClock } from "sim/clockbar.js";
import "sim/counts.js";
import { details } from "sim/delivery.js";
import { h, patch } from "sim/dom.js";
import { factsTrees } from "sim/facts.js";
import { matching, toggle } from "sim/filter.js";
import { goLiveTree } from "sim/golive.js";
import "sim/inspector.js";
import { Keys, listKeys, pictureKeys } from "sim/keys.js";
import "sim/list.js";
import { showPreferences } from "sim/preferences.js";
import { makeLanes, stayOf } from "sim/rows.js";
import { clamp, frame } from "sim/scale.js";
import { evidenceOf, judgementsOf, makeScene } from "sim/scene.js";
import "sim/timeline.js";
import { headline } from "sim/verdict.js";
import { numberText } from "sim/words.js";

const ON_PAPER = 40; // deliveries whose attempts are printed in full
const scene = makeScene(JSON.parse(document.getElementById("report").textContent));
const lanes = makeLanes(scene, stayOf(scene.run));
const part = (name) => document.querySelector(`sim-${name}`);
const [verdict, counts, timeline, list, inspector] = ["verdict", "counts", "timeline", "list", "inspector"].map(part);
const sheet = matchMedia("(max-width: 639px)");
let state = { selected: null, window: scene.run, query: "" };
let opener = null;
let writing = 0;

// ---- state and address

function show(change, { push = false } = {}) {
  const before = state;
  state = { ...state, ...change };
  if (Object.keys(change).join() === "window") timeline.change(change);
  else showAll(before);
  clearTimeout(writing);
  if (push) write("pushState");
  else writing = setTimeout(write, 150, "replaceState");
}

function showAll(before) {
  const same = state.query === before.query && list.props.matching;
  const found = same || matching(scene, state.query);
  const kept = found === scene.deliveries ? null : new Set(found);
  const keep = (one) => !kept || kept.has(one);
  const shared = { scene, lanes, ...state, matching: found, keep, nowLabel: "end of run" };
  for (const one of [counts, timeline, list, inspector]) one.change(shared);
  const narrow = sheet.matches && Boolean(state.selected);
  for (const one of document.querySelectorAll("[data-behind]")) one.inert = narrow;
}

function write(how) {
  const hash = writeAddress(state, scene.run);
  if (hash !== (location.hash || "#")) history[how](null, "", hash);
}

function follow() {
  const wanted = readAddress(location.hash);
  const shown = wanted.framed || (wanted.selected && !wanted.window) ? frameOf(wanted) : wanted.window;
  show({ selected: wanted.selected, query: wanted.query, window: shown ? clamp(shown, scene.run) : scene.run });
  if (wanted.framed || wanted.selected) timeline.scrollIntoView({ block: "nearest" });
}

/** The window that shows what a link speaks of: one delivery, or all its filter lets through. */
function frameOf({ selected, query }) {
  const spoken = selected ? [scene.byId.get(selected.delivery)].filter(Boolean) : matching(scene, query);
  const instants = spoken.flatMap((one) => [one.occurred, ...one.attempts.map((attempt) => attempt.started)]);
  return instants.length ? frame(instants, scene.run) : null;
}

// ---- what the parts say

const on = (name, act) => addEventListener(`sim-${name}`, ({ detail }) => act(detail));
on("select", (selected) => {
  opener = document.activeElement;
  show({ selected, window: timeline.windowWith(selected) }, { push: !state.selected });
  if (sheet.matches) open();
});
on("window", (window) => show({ window }));
on("filter", (term) => show({ query: toggle(state.query, term) }, { push: true }));
on("query", (query) => show({ query: query.trim() }));
on("open", open);
on("close", close);

function open() {
  if (state.selected) inspector.read();
}

function close() {
  const tip = !timeline.tip.hidden;
  timeline.hover(null);
  if (tip) return;
  if (state.selected) show({ selected: null }, { push: true });
  opener?.focus?.();
}

const keys = new Keys([
  ...pictureKeys(timeline),
  ...listKeys({ list, open, close, filter: () => list.input.focus() }),
]);

// ---- the rest of the page

/** Paper has no inspector and does not scroll: every lane is drawn, the evidence stands open with its attempts. */
function paper(printing) {
  timeline.change({ printing });
  timeline.render();
  if (!printing) return;
  for (const one of document.querySelectorAll("details")) one.open = true;
  const failed = judgementsOf(scene.facts).filter((one) => one.verdict === "fail");
  const shown = [...new Set(failed.flatMap((one) => evidenceOf(scene, one)))];
  patch(document.getElementById("paper"), shown.length > 0 && h("h2", null, "Evidence"),
    shown.slice(0, ON_PAPER).map((one) => details(scene, one)),
    shown.length > ON_PAPER && h("p", null, `${numberText(shown.length - ON_PAPER)} more are in the file.`));
}

verdict.change({ scene });
patch(document.getElementById("clock"), finishedClock(scene));
patch(document.getElementById("golive"), goLiveTree(scene.facts));
patch(document.getElementById("facts"), factsTrees(scene));
showPreferences(() => keys.help());
const tally = scene.states.exhausted ? ` · ${numberText(scene.states.exhausted)} exhausted` : "";
document.title = `${headline(scene.facts)[1].toLowerCase()} · ${scene.facts.scenario}${tally}`;
addEventListener("hashchange", follow);
addEventListener("popstate", follow);
addEventListener("beforeprint", () => paper(true));
matchMedia("print").addEventListener("change", ({ matches }) => paper(matches));
sheet.addEventListener("change", () => show({}));
follow();

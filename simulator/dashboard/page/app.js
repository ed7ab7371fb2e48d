// The live page: wires store, stream and parts; the only file that knows all of them.
// In: the control API and the address. Out: the page. Nothing moves unless virtual time moves or somebody acted.
import { Acts } from "sim/acts.js";
import { get } from "sim/api.js";
import { bindKeys } from "sim/bindings.js";
import "sim/clock.js";
import "sim/connection.js";
import "sim/counts.js";
import { matching, toggle } from "sim/filter.js";
import "sim/inspector.js";
import "sim/list.js";
import { isMoving, readClock, virtualNow } from "sim/now.js";
import { makeLanes } from "sim/rows.js";
import { frame } from "sim/scale.js";
import { makeScene } from "sim/scene.js";
import { Shell } from "sim/shell.js";
import { Store } from "sim/store.js";
import { Stream } from "sim/stream.js";
import "sim/timeline.js";
import { chosen, inOrder, PANELS, readView, runOf, windowOf, writeView } from "sim/view.js";
import { isoText } from "sim/words.js";

const SLOW = 1000; // real ms between drawings of what need not follow every frame
const CALM = 4; // how many times longer than it took the page waits before it reads the whole state again

const store = new Store();
const shell = new Shell();
const acts = new Acts({ say: (text, tone) => shell.say(text, tone) });
let view = readView(location.hash);
let live = null; // the clock as the server told it last
let opening; // the lesson that went on when the page was opened
let base = null; // scene and lanes, as of the last reading of the store
let shown = null; // what the parts were handed last
let calmUntil = 0;
let slowAt = 0;
let catchingUp = 0; // the timer that draws what had to wait, where no frame follows by itself
let asked = 0; // the frame that is asked for
let writing = 0;
let catalogue = null;
let lit = null; // the subscription that somebody points at
let nextLit = false; // whether somebody points at what happens next

// ---- the server

const stream = new Stream({
  changes: (changes) => { store.apply(changes); shell.tell(changes, base?.scene); ask(); },
  clock: (state) => { live = readClock(state, performance.now()); ask(); },
  reset: () => load("The server restarted; everything was read again"),
  state: (connection) => { shell.connect(connection); if (live) ask(); },
});

async function load(text = "") {
  try {
    const [known, snapshot] = await Promise.all([
      catalogue ?? get("/simulator/catalogue"), get("/simulator/snapshot"),
    ]);
    catalogue = known;
    store.load(snapshot);
    if (opening === undefined) opening = store.lesson;
    const real = performance.now();
    live = readClock(snapshot.live, real);
    const now = virtualNow(live, real);
    read(now, real);
    await shell.parts.gather({ tab: view.panel, scene: base.scene, now, lesson: base.lesson });
    stream.open(snapshot.cursor);
    shell.loaded(text);
    ask();
  } catch (refusal) {
    shell.connect({ name: "lost", retryAt: performance.now() + 2000 });
    setTimeout(load, 2000, text);
  }
}

// ---- one drawing a frame at most

function ask() {
  asked ||= requestAnimationFrame(draw);
}

function draw() {
  asked = 0;
  if (!store.loaded) return;
  const real = performance.now();
  const now = virtualNow(live, real);
  if ((store.fresh || !base) && real >= calmUntil) read(now, real);
  const changed = !shown || Object.entries({ base, view, lit, nextLit }).some(([name, one]) => shown[name] !== one);
  const slow = changed || real >= slowAt;
  if (slow) slowAt = real + SLOW;
  else catchingUp ||= setTimeout(() => { catchingUp = 0; ask(); }, slowAt - real); // the last word counts as well
  show(now, { changed, slow });
  if (store.fresh || isMoving(live)) ask();
  else if (!slow) setTimeout(ask, slowAt - real); // the last movement reaches the slow parts as well
}

/** The whole state read again: what it took decides when that may happen next. */
function read(now, real) {
  const scene = makeScene(store.facts(isoText(now)));
  base = { scene, lanes: inOrder(makeLanes(scene), store.lesson), lesson: store.lesson };
  calmUntil = real + CALM * (performance.now() - real);
}

function show(now, { changed, slow }) {
  const run = runOf(base.scene, now, view);
  const window = windowOf(view, now, run);
  const scene = { ...base.scene, now, run, ground: base };
  const same = shown?.base === base && shown.view.query === view.query;
  const found = same ? shown.matching : matching(base.scene, view.query).toReversed();
  const kept = same ? shown.kept : view.query ? new Set(found) : null;
  const props = {
    scene, lanes: base.lanes, window, now, live, lit, litDue: nextLit && live.due, catalogue,
    nowLabel: "now", newestFirst: true,
    selected: view.selected, query: view.query, matching: found, pinned: view.pinned, follow: view.mode === "follow",
    kept, keep: (one) => !kept || kept.has(one), tab: view.panel, lesson: base.lesson, opening,
    act: acts, lost: shell.lost,
  };
  const moved = !shown || changed || slow || movedEnough(shown, { now, window });
  shell.fast(props);
  if (moved) shell.picture(props);
  if (slow) shell.slow(props);
  if (shown && !isMoving(live)) shell.jumped(shown.now, now, window);
  const drawn = moved ? { now, window } : { now: shown.now, window: shown.window };
  shown = { base, view, lit, nextLit, matching: found, kept, run, ...drawn };
}

/** Half a pixel, of a thousand. */
function movedEnough(before, { now, window }) {
  const half = (window.to - window.from) / 2000;
  return Math.abs(now - before.now) >= half || Math.abs(window.to - before.window.to) >= half;
}

// ---- the view

function change(part, { push = false } = {}) {
  view = { ...view, ...part };
  ask();
  clearTimeout(writing);
  if (push) write("pushState");
  else writing = setTimeout(write, 150, "replaceState");
}

function write(how) {
  if (!base) return;
  const hash = writeView(view, runOf(base.scene, virtualNow(live, performance.now()), view));
  if (hash !== (location.hash || "#")) history[how](null, "", hash === "#" ? location.pathname : hash);
}

const follow = () => { view = { ...readView(location.hash), pinned: view.pinned }; ask(); };
addEventListener("hashchange", follow);
addEventListener("popstate", follow);

// ---- what the parts say

const on = (name, act) => addEventListener(`sim-${name}`, ({ detail }) => act(detail));
on("select", (selected) => {
  shell.remember();
  change({ selected, ...windowTo(selected) }, { push: !view.selected });
});
on("window", (window) => change(chosen(view, window, shown.run, shown.window)));
on("follow", () => {
  const mode = view.mode === "follow" ? "held" : "follow";
  change({ mode, window: shown.window, span: Math.min(view.span, shown.window.to - shown.window.from) });
});
on("filter", (term) => change({ query: toggle(view.query, term) }, { push: true }));
on("query", (query) => change({ query: query.trim() }));
on("open", () => shell.inspector.read());
on("close", close);
on("tab", (panel) => change({ panel }, { push: true }));
on("light", (id) => { lit = id; ask(); });
on("light-next", (wanted) => { nextLit = wanted; ask(); });
on("pin", (pinned) => change({ pinned: pinned > virtualNow(live, performance.now()) ? pinned : null }));
on("say", ({ text, tone }) => shell.say(text, tone));
for (const dialog of ["emit", "lessons", "subscribe"]) on(dialog, (wanted) => shell.open(dialog, wanted));
on("look", (wanted) => look(wanted));
on("left", () => change({ query: "", selected: null, mode: "whole", window: null }, { push: true }));
on("pace", (wanted) => acts.pace(wanted));
on("advance", (wanted) => { change({ pinned: null }); acts.advance(wanted); });
on("halt", () => acts.halt());
on("retry", () => stream.retry());

/** A selection outside of a held window moves it as little as needed; other windows move by themselves. */
function windowTo(selected) {
  if (view.mode === "whole") return {};
  const window = shell.timeline.windowWith(selected);
  return window === shown.window ? {} : { mode: "held", window };
}

/** What a lesson points at: its deliveries, from the first to what they wait for, in a window of their own. */
function look({ at, filter }) {
  change({ query: filter ?? view.query, ...(PANELS.includes(at) ? { panel: at } : {}) });
  const found = filter ? matching(base.scene, filter) : [];
  const past = found.flatMap(({ occurred, attempts }) => [occurred, ...attempts.map((one) => one.started)]);
  const instants = [...past, ...found.map((one) => one.nextDue)];
  const now = Math.max(virtualNow(live, performance.now()), ...past); // the word of the clock may still be on its way
  const run = runOf(base.scene, now, view);
  if (found.length) change({ mode: "held", window: frame([...instants.filter(Boolean), now], run) });
  const last = at === "delivery" && found.at(-1);
  if (last) change({ selected: { delivery: last.id, number: last.attempts.at(-1)?.number ?? null } });
  shell.point(at);
}

function close() {
  if (shell.closeTip()) return;
  if (view.pinned) change({ pinned: null });
  else if (view.selected) change({ selected: null }, { push: true });
  shell.back();
}

shell.keys = bindKeys({ shell, acts, close, live: () => live, pinned: () => view.pinned });
shell.furnish();
load();

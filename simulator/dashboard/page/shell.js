// The frame around the parts: header, tabs, actions, the line that says what happened, what has the focus.
// In: props for the parts, words. Out: the page; it knows elements, and nothing of the server.
import { afterDrawing, button, h, patch } from "sim/dom.js";
import { clockWords } from "sim/now.js";
import { Parts } from "sim/parts.js";
import { drawJump } from "sim/pins.js";
import { showPreferences } from "sim/preferences.js";
import { acting } from "sim/scene.js";
import { PANELS } from "sim/view.js";
import { countText, minuteText, numberText, timeText } from "sim/words.js";

const HERE = ["clock", "connection", "counts", "timeline", "list", "inspector"]; // those that are always there
const SEEN = 260; // px of the inspector that make it worth reading in its place
const NOTED = 4000; // real ms a line about the connection stands
const SAID = 6000; // real ms a word stands
const NARROW = matchMedia("(max-width: 999px)");
const PAGE = "Aurora webhook simulator";

export class Shell {
  #opener = null;
  #timers = {};
  #connection = { name: "connecting" };
  #lostAt = 0;
  #noted = false; // a line about the connection stands until its time is over

  constructor() {
    this.parts = new Parts((text) => this.say(text, "told"));
    for (const name of HERE) this[name] = document.querySelector(`sim-${name}`);
    this.connection.change({ connection: this.#connection });
    for (const name of ["scroll", "resize"]) addEventListener(name, () => this.#placeInspector(), { passive: true });
  }

  /** What stands still: tabs, actions, preferences. */
  furnish() {
    const action = (text, key, act, attrs) => button(text, act, { title: key, "aria-keyshortcuts": key, ...attrs });
    const keep = { "aria-haspopup": "dialog", title: "Take this session along" };
    patch(document.getElementById("actions"),
      action("Emit", "e", () => this.open("emit"), { class: "first" }),
      action("Break", "x", () => this.panel("faults")),
      action("Lessons", "l", () => this.open("lessons")),
      h("sim-keep", null, button("Keep", () => this.open("keep"), keep)));
    showPreferences(() => this.keys.help());
  }

  /** A dialog, for this; what is typed until it is there is meant for it, and for no key of the page. */
  async open(name, wanted) {
    this.keys.waiting = true;
    const dialog = await this.parts.get(name);
    this.keys.waiting = false;
    dialog?.open(wanted);
  }

  // ---- drawing

  fast(props) {
    this.clock.change(props);
    document.title = titleOf(props);
  }

  picture(props) {
    this.timeline.change(props);
  }

  /** Time that was skipped is shown once, as a band under the axis. */
  jumped(from, to, window) {
    if (to - from > (window.to - window.from) / 200) drawJump(this.timeline, from, to);
  }

  slow(props) {
    for (const one of [this.counts, this.list, this.inspector, this.parts]) one.change(props);
    this.#tabs(props);
    document.body.classList.toggle("paused", props.live.paused);
    afterDrawing(() => this.#placeInspector()); // once the picture has its height
    const behind = NARROW.matches && Boolean(props.selected);
    for (const one of document.querySelectorAll("[data-behind]")) one.inert = behind;
  }

  /** Where its place is out of sight, the inspector stands over the page: what was selected is always seen. */
  #placeInspector() {
    const selected = Boolean(this.inspector.props.selected);
    const { top, bottom } = this.inspector.parentElement.getBoundingClientRect();
    const away = top > innerHeight - SEEN || bottom < SEEN;
    const lesson = document.querySelector("sim-lesson").getBoundingClientRect();
    const head = Math.max(lesson.bottom, document.querySelector(".bar").offsetHeight);
    this.inspector.style.setProperty("--head", `${head + 12}px`);
    this.inspector.classList.toggle("over", selected && !NARROW.matches && away);
  }

  #tabs({ tab, scene, live, now }) {
    const { facts } = scene;
    const counts = {
      deliveries: scene.deliveries.length,
      events: eventCount(scene, live),
      subscriptions: facts.subscriptions.filter((one) => !one.deleted_at).length,
      faults: acting(scene, now).length,
    };
    const tally = (name) => counts[name] > 0 && h("span", { class: "aside" }, ` ${numberText(counts[name])}`);
    const text = (name) => [name[0].toUpperCase() + name.slice(1), tally(name)];
    const one = (name) => button(text(name), () => this.panel(name), {
      role: "tab", id: `tab-${name}`, "aria-selected": String(tab === name), "aria-controls": `panel-${name}`,
      tabindex: tab === name ? "0" : "-1", onkeydown: (event) => this.#walk(event, name),
    });
    patch(document.getElementById("tabs"), PANELS.map(one));
    for (const name of PANELS) document.getElementById(`panel-${name}`).hidden = tab !== name;
  }

  #walk(event, name) {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = PANELS[(PANELS.indexOf(name) + step + PANELS.length) % PANELS.length];
    this.panel(next);
  }

  // ---- going somewhere

  /** The keyboard is taken to its tab when there is something to go on to. */
  async panel(name) {
    this.clock.tell("tab", name);
    if (name !== "deliveries") await this.parts.get(name);
    afterDrawing(() => document.getElementById(`tab-${name}`).focus());
  }

  filter() {
    this.clock.tell("tab", "deliveries");
    afterDrawing(() => this.list.input.focus());
  }

  remember() {
    if (!this.inspector.contains(document.activeElement)) this.#opener = document.activeElement;
    if (NARROW.matches) this.inspector.read();
  }

  back() { this.#opener?.focus?.(); }

  closeTip() {
    const open = !this.timeline.tip.hidden;
    this.timeline.hover(null);
    return open;
  }

  /** A lesson points at a part: it is lit for a moment and comes into view. */
  async point(name) {
    const targets = { timeline: this.timeline, clock: this.clock, delivery: this.inspector };
    const part = targets[name] ?? document.querySelector(".panels");
    const seen = name === "delivery" ? this.timeline : part; // the inspector stands beside what is seen
    if (seen !== this.clock) seen.scrollIntoView({ block: seen === this.timeline ? "start" : "nearest" });
    part.classList.remove("pointed");
    requestAnimationFrame(() => part.classList.add("pointed"));
    if (name === "subscriptions") (await this.parts.get(name))?.point();
  }

  // ---- words

  say(text, tone = "ok") {
    const line = document.getElementById("said");
    line.hidden = false;
    line.dataset.tone = tone;
    patch(line, text);
    clearTimeout(this.#timers.said);
    this.#timers.said = setTimeout(() => { line.hidden = true; }, SAID);
  }

  /** Spoken: what nobody should miss. Single attempts are not. */
  tell(changes, scene) {
    const enabled = new Set(scene?.subscriptions.filter((one) => one.record.enabled).map((one) => one.id));
    const off = changes.filter(({ kind, id, record }) => kind === "subscription" && !record.enabled && enabled.has(id));
    const words = off.map(({ record }) => `${record.name}: ${goneText(record)}`);
    if (words.length) this.say(words.join("; "), "told");
    if (this.#lostAt) this.#reconnected(changes.length);
  }

  #reconnected(count) {
    this.#lostAt = 0;
    this.#note(`Reconnected, ${countText(count, "change")}`);
  }

  // ---- the connection

  get lost() { return this.#connection.name === "lost"; }

  connect(connection) {
    if (connection.name === "lost") this.#lostAt ||= performance.now();
    if (connection.name === "open") this.parts.retry();
    const again = connection.name === "open" && this.#lostAt;
    this.#connection = connection;
    document.body.classList.toggle("lost", this.lost);
    if (again) this.#note("Reconnected");
    else if (!this.#noted) this.connection.change({ connection });
  }

  loaded(text) {
    this.#lostAt = 0;
    if (text) this.#note(text);
  }

  #note(text) {
    this.#noted = true;
    this.connection.change({ connection: { name: "open", text } });
    clearTimeout(this.#timers.note);
    this.#timers.note = setTimeout(() => {
      this.#noted = false;
      this.connection.change({ connection: this.#connection });
    }, NOTED);
  }
}

const goneText = ({ deleted_at: deleted, disabled_reason: why }) => (deleted ? "deleted" : why || "disabled");

/** Ids of events count from 1: whoever heard of the newest one knows how many there are. */
const eventCount = ({ facts, deliveries }, live) =>
  Math.max(live.events ?? 0, facts.events?.at(-1)?.id ?? 0, deliveries.at(-1)?.record.event_id ?? 0);

/** The tab's title tells what matters while another tab is looked at. */
function titleOf({ scene, live, now, lost }) {
  const { exhausted } = scene.states;
  const state = lost ? "connection lost" : clockWords(live);
  const tally = exhausted ? ` · ${numberText(exhausted)} exhausted` : "";
  return `${state} · ${minuteText(now).slice(0, 3)} ${timeText(now).slice(0, 5)}${tally} · ${PAGE}`;
}

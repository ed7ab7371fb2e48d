// The frame around the parts: header, tabs, actions, the line that says what happened, what has the focus.
// In: props for the parts, words. Out: the page; it knows elements, and nothing of the server.
import { h, patch } from "sim/dom.js";
import { emptyTree } from "sim/empty.js";
import { acting } from "sim/faultkinds.js";
import { remember, remembered } from "sim/keys.js";
import { drawJump } from "sim/pins.js";
import { PANELS } from "sim/view.js";
import { clockWords } from "sim/now.js";
import { countText, minuteText, numberText, timeText } from "sim/words.js";

const PARTS = ["clock", "connection", "lesson", "counts", "broken", "timeline", "list", "inspector"];
const SEEN = 260; // px of the inspector that make it worth reading in its place
const NOTED = 4000; // real ms a line about the connection stands
const SAID = 6000; // real ms a word stands
const THEMES = { system: "light", light: "dark", dark: "system" };
const NARROW = matchMedia("(max-width: 999px)");
const PAGE = "Aurora webhook simulator";

export class Shell {
  #opener = null;
  #timers = {};
  #connection = { name: "connecting" };
  #lostAt = 0;
  #noted = false; // a line about the connection stands until its time is over

  constructor() {
    const part = (name) => document.querySelector(`sim-${name}`);
    for (const name of PARTS) this[name] = part(name);
    this.panels = ["events", "subscriptions", "faults", "receiver"].map(part);
    this.dialogs = { emit: part("emit"), subscribe: part("subscribe"), lessons: part("lessons") };
    this.connection.change({ connection: this.#connection });
    for (const name of ["scroll", "resize"]) addEventListener(name, () => this.#placeInspector(), { passive: true });
  }

  /** What stands still: tabs, actions, preferences. */
  furnish() {
    const action = (text, key, act, attrs) =>
      h("button", { type: "button", title: key, "aria-keyshortcuts": key, onclick: act, ...attrs }, text);
    patch(document.getElementById("actions"),
      action("Emit", "e", () => this.emit(), { class: "first" }),
      action("Break", "x", () => this.panel("faults")),
      action("Lessons", "l", () => this.lessons()),
      h("sim-keep"));
    this.dialogs.keep = document.querySelector("sim-keep");
    this.dialogs.keep.change({});
    this.#theme(remembered("sim-theme") ?? "system");
  }

  #theme(name) {
    remember("sim-theme", name);
    if (name === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = name;
    patch(document.getElementById("preferences"),
      h("button", { type: "button", onclick: () => this.#theme(THEMES[name]) }, `Theme: ${name}`),
      h("button", {
        type: "button", class: "help", title: "?", "aria-keyshortcuts": "?", onclick: () => this.keys.help(),
      }, "Keys"));
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
    this.#empty(props);
    for (const one of [this.counts, this.broken, this.list, this.inspector, this.lesson]) one.change(props);
    for (const one of [...this.panels, ...Object.values(this.dialogs)]) one.change(props);
    this.#tabs(props);
    document.body.classList.toggle("paused", props.live.paused);
    requestAnimationFrame(() => requestAnimationFrame(() => this.#placeInspector())); // once the picture has its height
    const behind = NARROW.matches && Boolean(props.selected);
    for (const one of document.querySelectorAll("[data-behind]")) one.inert = behind;
  }

  #empty(props) {
    const box = document.getElementById("empty");
    const tree = emptyTree(props, {
      subscribe: () => this.dialogs.subscribe.open(null), emit: () => this.emit(), lessons: () => this.lessons(),
    });
    box.hidden = !tree;
    patch(box, tree);
  }

  /** Where its place is out of sight, the inspector stands over the page: what was selected is always seen. */
  #placeInspector() {
    const selected = Boolean(this.inspector.props.selected);
    const { top, bottom } = this.inspector.parentElement.getBoundingClientRect();
    const away = top > innerHeight - SEEN || bottom < SEEN;
    const head = Math.max(this.lesson.getBoundingClientRect().bottom, document.querySelector(".bar").offsetHeight);
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
    const one = (name) => h("button", {
      type: "button", role: "tab", id: `tab-${name}`, "aria-selected": String(tab === name),
      "aria-controls": `panel-${name}`, tabindex: tab === name ? "0" : "-1",
      onclick: () => this.panel(name), onkeydown: (event) => this.#walk(event, name),
    }, name[0].toUpperCase() + name.slice(1),
    counts[name] ? h("span", { class: "aside" }, ` ${numberText(counts[name])}`) : null);
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

  panel(name) {
    this.clock.tell("tab", name);
    requestAnimationFrame(() => requestAnimationFrame(() => document.getElementById(`tab-${name}`).focus()));
  }

  emit(wanted) { this.dialogs.emit.open(wanted); }
  lessons() { this.dialogs.lessons.open(); }

  filter() {
    this.clock.tell("tab", "deliveries");
    requestAnimationFrame(() => requestAnimationFrame(() => this.list.input.focus()));
  }

  remember() {
    if (!this.inspector.contains(document.activeElement)) this.#opener = document.activeElement;
    if (NARROW.matches) this.open();
  }

  open() {
    requestAnimationFrame(() => requestAnimationFrame(() => this.inspector.querySelector("h2")?.focus()));
  }

  back() { this.#opener?.focus?.(); }

  closeTip() {
    const open = !this.timeline.tip.hidden;
    this.timeline.hover(null);
    return open;
  }

  /** A lesson points at a part: it is lit for a moment and comes into view. */
  point(name) {
    const targets = { timeline: this.timeline, clock: this.clock, delivery: this.inspector };
    const part = targets[name] ?? document.querySelector(".panels");
    const seen = name === "delivery" ? this.timeline : part; // the inspector stands beside what is seen
    if (seen !== this.clock) seen.scrollIntoView({ block: seen === this.timeline ? "start" : "nearest" });
    part.classList.remove("pointed");
    requestAnimationFrame(() => part.classList.add("pointed"));
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
    const words = off.map(({ record }) => `${record.name}: ${record.disabled_reason || "disabled"}`);
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

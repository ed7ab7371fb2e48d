// The picture as an element: strip, lanes, presets, legend; pointer and focus on top of pure drawing.
// In: scene, lanes, window, selection, filter; live also follow, pinned, lit. Out: events `sim-select`, `sim-window`,
// `sim-filter`, `sim-open`; live also `sim-follow`, `sim-pin` {instant}, `sim-advance` {to}, `sim-light`.
import { button, h, Part, patch } from "sim/dom.js";
import { term } from "sim/filter.js";
import { watchPointer } from "sim/gestures.js";
import { hit, makeLayout } from "sim/layout.js";
import { icon } from "sim/marks.js";
import { drawPicture, placeOf } from "sim/picture.js";
import { drawPins, wholeSecond } from "sim/pins.js";
import { neighbour } from "sim/rows.js";
import { around, frame, pan, PRESETS, reveal, zoom } from "sim/scale.js";
import { drawStrip, drawStripGround, gripAt, stripScale } from "sim/strip.js";
import { attemptName, durationText, FAMILY_WORDS, instantText, minuteText } from "sim/words.js";

const LEGEND = ["ok", "bad", "late", "gone", "unknown", "due", "exhausted", "dash"];
const AROUND = 120; // px drawn above and below what can be seen
const ENTRIES = 7; // a longer legend is not read
const MOVES = [
  ["Earlier", "earlier", "Shift+ArrowLeft"], ["Later", "later", "Shift+ArrowRight"],
  ["Zoom out", "out", "-"], ["Zoom in", "in", "+"], ["Frame", "frame", "f"],
];

class Timeline extends Part {
  layout = null;
  #ground = null;

  connectedCallback() {
    patch(this,
      h("div", { class: "tools" }),
      h("div", { class: "canvas" },
        h("div", { class: "strip-box" }),
        h("div", { class: "lanes-box" }),
        h("button", { class: "cursor", type: "button" }),
        h("div", { class: "hairline", hidden: true }, h("span")),
        h("div", { class: "hairline pin", hidden: true }, h("span")),
        h("div", { class: "now-grip", hidden: true, title: "Drag forward to advance" }),
        h("div", { class: "tip", hidden: true })),
      h("ul", { class: "legend", "aria-label": "Legend" }));
    [this.tools, this.canvas, this.legend] = this.children;
    [this.strip, this.lanes, this.cursor, this.hairline, this.pin, this.grip, this.tip] = this.canvas.children;
    this.cursor.onkeydown = (event) => this.#key(event);
    this.cursor.onclick = () => this.tell("open");
    new ResizeObserver(() => this.#again()).observe(this.canvas);
    addEventListener("scroll", () => this.layout?.height > innerHeight && this.#again(), { passive: true });
    watchPointer(this);
  }

  #again() {
    if (this.props.scene) this.change({});
  }

  render() {
    const { scene, lanes, window, selected } = this.props;
    this.layout = makeLayout(lanes, window, Math.max(280, this.canvas.clientWidth));
    const view = { ...this.props, layout: this.layout, seen: this.#seen() };
    patch(this.strip, drawStrip(scene, this.layout, this.#stripGround(view)));
    patch(this.lanes, drawPicture(view));
    this.#placeCursor(this.#place(), selected && scene.byId.get(selected.delivery));
    this.#drawTools();
    this.#drawLegend(scene);
    if (this.props.live) drawPins(this);
  }

  #stripGround(view) {
    const { scene, layout, kept = view.keep } = view;
    const now = Math.round(stripScale(scene, layout).x(scene.now));
    const key = [scene.ground ?? scene, kept, layout.width, scene.run.to, now];
    const same = this.#ground?.key.every((one, index) => one === key[index]);
    if (!same) this.#ground = { key, tree: drawStripGround(view) };
    return this.#ground.tree;
  }

  /** What of the lanes can be seen: the rest is not drawn. */
  #seen() {
    if (this.props.printing || this.layout.height < innerHeight) return null;
    const { top } = this.lanes.getBoundingClientRect();
    return { top: -top - AROUND, bottom: innerHeight - top + AROUND };
  }

  #place() {
    return placeOf(this.layout, this.props.lanes, this.props.selected);
  }

  #placeCursor(place, delivery) {
    const attempt = place?.ladder.attempts[place.index];
    const nothing = delivery
      ? `${delivery.subscription.name}, ${delivery.state}`
      : "Attempts: arrow keys walk, Enter opens";
    this.cursor.style.left = `${(place?.x ?? this.layout.left) - 12}px`;
    this.cursor.style.top = `${this.strip.offsetHeight + (place?.y ?? 24) - 12}px`;
    this.cursor.setAttribute("aria-label", attempt ? attemptName(this.props.scene, delivery, attempt) : nothing);
  }

  // ---- tools and legend

  #drawTools() {
    const { scene, window, selected } = this.props;
    const span = window.to - window.from;
    const run = scene.run.to - scene.run.from;
    const whole = span >= run * 0.999;
    const off = { earlier: whole, later: whole, out: whole, frame: !selected };
    const presets = PRESETS.map(({ name, span: wanted }) => button(name, () => this.show(wanted), {
      "aria-pressed": String(!whole && Math.abs(span - wanted) < wanted * 0.01), disabled: wanted > run,
    }));
    const moves = MOVES.map(([text, name, key]) => button(text, () => this.move(name), {
      "aria-keyshortcuts": key, title: key.replace("Arrow", ""), disabled: off[name] ?? false,
    }));
    const all = button("Whole run", () => this.move("whole"), {
      "aria-pressed": String(whole), "aria-keyshortcuts": "0", title: "0",
    });
    const group = (name, ...buttons) => h("div", { class: "joined", role: "group", "aria-label": name }, buttons);
    const { follow } = this.props;
    const now = follow !== undefined && button("Follow now", () => this.tell("follow"), {
      "aria-pressed": String(follow), "aria-keyshortcuts": "g", title: "g",
    });
    patch(this.tools,
      h("h2", null, "Timeline"),
      h("p", { class: "span" }, `${minuteText(window.from)} – ${minuteText(window.to)} · ${durationText(span)}`),
      now, group("Window", presets, all), group("Move", moves.slice(0, 2)), group("Zoom", moves.slice(2)));
  }

  #drawLegend(scene) {
    const seen = new Set(scene.families);
    const { pending, exhausted, cancelled } = scene.states;
    for (const [name, count] of Object.entries({ due: pending, exhausted, dash: cancelled })) if (count) seen.add(name);
    const shown = LEGEND.filter((name) => seen.has(name)).slice(0, ENTRIES);
    patch(this.legend, shown.map((name) => h("li", null, icon(name), FAMILY_WORDS[name])));
  }

  // ---- moving

  #middle() {
    const { window } = this.props;
    return this.#place()?.at ?? (window.from + window.to) / 2;
  }

  /** A window of this span around the selection, or around the middle. */
  show(span) {
    this.tell("window", around(this.#middle(), span, this.props.scene.run));
  }

  move(name) {
    const { window, scene: { run } } = this.props;
    const quarter = (window.to - window.from) / 4;
    const place = this.#place();
    const moves = {
      whole: () => run,
      earlier: () => pan(window, -quarter, run),
      later: () => pan(window, quarter, run),
      in: () => zoom(window, 0.5, this.#middle(), run),
      out: () => zoom(window, 2, this.#middle(), run),
      frame: () => (place ? this.#frameOf(place.ladder) : window),
    };
    this.tell("window", moves[name]());
  }

  #frameOf(ladder) {
    const instants = [ladder.from, ladder.due ?? ladder.from, ...ladder.attempts.map((one) => one.started)];
    return frame(instants, this.props.scene.run);
  }

  step(direction) {
    const { lanes, selected, keep } = this.props;
    const next = neighbour(lanes, selected, direction, keep);
    if (next) this.tell("select", next);
  }

  /** The window moved as little as a selection needs to be seen in it. */
  windowWith(selected) {
    const { lanes, window, scene } = this.props;
    const place = this.layout && placeOf(this.layout, lanes, selected);
    return place ? reveal(window, place.at, scene.run) : window;
  }

  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || !event.key.startsWith("Arrow")) return;
    const direction = event.key.slice(5).toLowerCase();
    const sideways = { left: "earlier", right: "later" }[direction];
    event.preventDefault();
    if (event.shiftKey && sideways) this.move(sideways);
    else this.step(direction);
  }

  // ---- the pointer (called by gestures)

  gripAt = (x) => gripAt(this.props.scene, this.layout, x);
  stripScale = () => stripScale(this.props.scene, this.layout);
  hit = (x, y) => hit(this.layout, x, y, this.props.keep);

  /** A mark is selected, a lane's name is a filter; right of now an instant is pinned. */
  pick(found, at) {
    const number = found?.attempt?.number ?? null;
    if (found?.ladder) this.tell("select", { delivery: found.ladder.delivery.id, number });
    else if (found) this.tell("filter", term("sub", found.subscription.name));
    else if (this.props.live) this.tell("pin", wholeSecond(at));
  }

  frameAt(found) {
    if (found?.ladder) this.tell("window", this.#frameOf(found.ladder));
  }

  /** The hairline and the words at the pointer; nothing that the inspector does not say as well. */
  hover(x, found, at) {
    if (this.props.live) this.tell("light", found?.subscription?.id ?? null);
    this.hairline.hidden = x === null;
    this.tip.hidden = !found?.ladder;
    if (x === null) return;
    const { clientWidth } = this.canvas;
    this.hairline.style.left = `${x}px`;
    this.hairline.classList.toggle("flipped", x > clientWidth - 150);
    patch(this.hairline.firstChild, instantText(wholeSecond(at)));
    if (!found?.ladder) return;
    const { ladder: { delivery, due, end }, attempt } = found;
    const next = due ? `next due ${instantText(due)}` : delivery.record.reason || end;
    const text = attempt ? attemptName(this.props.scene, delivery, attempt) : `${delivery.subscription.name}, ${next}`;
    patch(this.tip, h("strong", null, `Delivery ${delivery.id}`), ` ${text}`);
    this.tip.style.left = `${Math.max(0, Math.min(found.x + 6, clientWidth - 280))}px`;
    this.tip.style.top = `${this.strip.offsetHeight + found.y + 6}px`;
  }
}
customElements.define("sim-timeline", Timeline);

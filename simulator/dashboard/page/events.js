// The panel of events: what occurred, what each event fired, and where it fired nothing, why.
// In: scene, tab. Out: events `sim-filter`, `sim-tab`, `sim-select`, `sim-emit` (an event to occur again).
import { button, h, Part, patch } from "sim/dom.js";
import { instant } from "sim/instant.js";
import { icon } from "sim/marks.js";
import { firedText, MOST, occurred, reasonText } from "sim/occurred.js";
import { countText, minuteText, numberText } from "sim/words.js";

const PAGE = 50; // rows that are drawn at first, and more with each wish
const ICONS = { delivered: "ok", pending: "due", exhausted: "exhausted", cancelled: "dash", filtered: "dash" };

class Events extends Part {
  #silent = false;
  #open = new Set();
  #rows = PAGE;
  #read = { of: null, all: [] };
  #drawn = [];

  connectedCallback() {
    this.onkeydown = (event) => this.#walk(event);
  }

  render() {
    const { scene, tab } = this.props;
    if (!scene || tab !== "events") return;
    const of = [scene.deliveries, scene.facts.events, this.#silent, this.#rows, this.#open];
    if (of.every((one, place) => one === this.#drawn[place])) return; // only the clock moved
    this.#drawn = of;
    const all = this.#all(scene);
    const silent = all.filter((one) => !one.fired);
    const shown = this.#silent ? silent : all;
    patch(this,
      this.#head(all, silent),
      shown.length ? h("ol", { class: "happened", "aria-label": "Events, newest first" },
        shown.slice(0, this.#rows).map((one, place) => this.#row(one, place))) : this.#nothing(all),
      this.#more(shown, all));
  }

  #all(scene) {
    if (this.#read.of !== scene.deliveries) this.#read = { of: scene.deliveries, all: occurred(scene) };
    return this.#read.all;
  }

  #head(all, silent) {
    const flip = ({ target }) => { this.#silent = target.checked; this.#rows = PAGE; this.change({}); };
    return h("div", { class: "events-head" },
      h("label", { class: "check" },
        h("input", { type: "checkbox", checked: this.#silent, onchange: flip }), "Only those that fired nothing"),
      h("p", { class: "found", role: "status" },
        `${countText(all.length, "event")}, ${numberText(silent.length)} fired nothing`));
  }

  // ---- one event

  #row(one, place) {
    const open = this.#open.has(one.id);
    return h("li", { class: open ? "open" : "" },
      button([
        h("span", { class: "number" }, String(one.id)),
        h("span", { class: "when" }, minuteText(one.at)),
        h("span", { class: "what" }, one.event),
        h("span", { class: "who" }, one.tenant),
        !one.fired && h("span", { class: "why" }, h("strong", null, "nothing"), ` · ${one.reasons[0] ?? ""}`),
      ], () => this.#flip(one.id), {
        class: "opens", "aria-expanded": String(open), tabindex: place ? "-1" : "0",
      }),
      one.fired > 0 && button(firedText(one), () => this.#show(one), { class: "fired" }),
      open && this.#inside(one));
  }

  #inside(one) {
    const { id, event, tenant, attributes, deliveries, silence } = one;
    const pairs = Object.entries(attributes);
    return h("div", { class: "inside" },
      h("dl", null, h("dt", null, "Occurred"), h("dd", null, instant(one.at), ` · event ${id} · tenant ${tenant}`),
        pairs.map(([name, value]) => [h("dt", null, name), h("dd", null, h("code", null, value || "(empty)"))])),
      silence.length > 0 && h("ul", { class: "reasons" }, silence.map((text) => h("li", null, text))),
      deliveries.length > 0 && h("ul", { class: "left" }, deliveries.map((delivery) => this.#delivery(delivery))),
      button("Emit it again", () => this.tell("emit", { event, tenant, attributes }), { class: "copy" }));
  }

  #delivery(delivery) {
    const pick = () => this.tell("select", { delivery: delivery.id, number: delivery.attempts.at(-1)?.number ?? null });
    const { id, state, subscription } = delivery;
    return h("li", null, icon(ICONS[state]),
      button(`Delivery ${id}`, pick, { class: "link" }),
      h("span", null, delivery.attempts.length || !delivery.record.reason
        ? ` ${subscription.name} · ${state}` : ` ${reasonText(delivery)} · ${state}`));
  }

  #flip(id) {
    this.#open = new Set(this.#open);
    if (!this.#open.delete(id)) this.#open.add(id);
    this.change({});
  }

  /** All of its deliveries, in the list. */
  #show({ deliveries }) {
    this.tell("filter", `id:${deliveries.map((one) => one.id).join(",")}`);
    this.tell("tab", "deliveries");
  }

  // ---- around the rows

  #nothing(all) {
    if (all.length) return h("p", { class: "empty" }, "Every event fired something.");
    return h("p", { class: "empty" }, "No event has occurred yet. ",
      button("Emit an event", () => this.tell("emit", {}), { "aria-keyshortcuts": "e" }));
  }

  #more(shown, all) {
    const rest = shown.length - this.#rows;
    const next = () => { this.#rows += PAGE; this.change({}); };
    return h("p", { class: "events-more" },
      rest > 0 && button(`Show ${Math.min(PAGE, rest)} older`, next),
      all.length >= MOST && rest <= 0 && h("span", { class: "aside" },
        `The newest ${numberText(MOST)} events are shown; all of them: GET /simulator/events`));
  }

  /** One row is reached by Tab, the others from there by arrows. */
  #walk(event) {
    const step = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity }[event.key];
    const row = event.target.closest?.(".happened > li");
    if (!step || !row || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const rows = [...row.parentNode.children];
    const to = rows[Math.min(rows.length - 1, Math.max(0, rows.indexOf(row) + step))];
    to.querySelector(".opens").focus();
  }
}
customElements.define("sim-events", Events);

// The deliveries in words: filter box and a list whose rows are recycled, so that its size does not matter.
// In: scene, the matching deliveries, query, selection. Out: events `sim-query`, `sim-select`, `sim-open`.
import { button, h, Part, patch } from "sim/dom.js";
import { glyph } from "sim/ladder.js";
import { countText, durationText, lastOutcomeText, minuteText, numberText } from "sim/words.js";

const ROW = 28;
const SPARE = 2; // rows drawn above and below what can be seen
const HEADS = ["Id", "Occurred", "Subscription", "Event", "Attempts", "Last outcome", "State"];

class List extends Part {
  #shown = null;
  #first = null; // the newest row as last drawn
  #new = 0; // rows that came in above since the reader scrolled away from the top

  connectedCallback() {
    patch(this,
      h("div", { class: "list-head" },
        h("h2", null, "Deliveries"),
        h("input", {
          type: "search", "aria-label": "Filter deliveries", "aria-keyshortcuts": "/", spellcheck: "false",
          placeholder: "state:exhausted sub:crm outcome:503, or any text", autocomplete: "off",
          oninput: (event) => this.tell("query", event.target.value),
        }),
        h("p", { class: "found", role: "status" })),
      button("", () => { this.rows.scrollTop = 0; }, { class: "unseen", hidden: true }),
      h("div", { class: "heads", "aria-hidden": "true" }, HEADS.map((name) => h("span", null, name))),
      h("div", { class: "rows", role: "listbox", tabindex: "0", "aria-label": "Deliveries" },
        h("div", { class: "spacer" })),
      h("p", { class: "empty", hidden: true }));
    [this.head, this.unseen, this.heads, this.rows, this.empty] = this.children;
    this.input = this.head.querySelector("input");
    this.rows.addEventListener("scroll", () => this.change({}), { passive: true });
    this.rows.onkeydown = (event) => this.#key(event);
    this.rows.onclick = (event) => this.#pick(event.target.closest("[data-id]"));
    new ResizeObserver(() => this.props.scene && this.change({})).observe(this.rows);
  }

  render() {
    const { scene, matching, query, selected } = this.props;
    if (document.activeElement !== this.input || this.input.value.trim() !== query) this.input.value = query;
    const all = countText(scene.deliveries.length, "delivery");
    const some = matching.length < scene.deliveries.length ? `${numberText(matching.length)} of ` : "";
    patch(this.head.lastChild, `${some}${all}`);
    this.empty.hidden = matching.length > 0;
    patch(this.empty, query ? "No delivery matches. " : "No deliveries yet.",
      query && button("Clear filter", () => this.tell("query", "")));
    this.rows.hidden = this.heads.hidden = !matching.length;
    this.rows.firstChild.style.height = `${matching.length * ROW}px`;
    if (this.props.newestFirst) this.#stayPut(matching);
    this.#follow(matching, selected);
    const first = Math.max(0, Math.floor(this.rows.scrollTop / ROW) - SPARE);
    const count = Math.ceil(this.rows.clientHeight / ROW) + 2 * SPARE;
    const rows = matching.slice(first, first + count).map((one, index) => this.#row(one, first + index));
    patch(this.rows.firstChild, rows);
    this.rows.setAttribute("aria-activedescendant", selected ? `row-${selected.delivery}` : "");
  }

  /** Rows that come in above what is read do not move it; how many there are is said. */
  #stayPut(matching) {
    const before = this.#first;
    this.#first = matching[0];
    if (this.rows.scrollTop < ROW) this.#new = 0;
    else if (before && this.#first !== before) {
      const came = matching.findIndex((one) => one.id === before.id);
      if (came > 0) {
        this.rows.scrollTop += came * ROW;
        this.#new += came;
      }
    }
    this.unseen.hidden = this.#new === 0;
    patch(this.unseen, `${numberText(this.#new)} new`);
  }

  /** A selection made elsewhere comes into view; the list never scrolls by itself otherwise. */
  #follow(matching, selected) {
    if (!selected || selected.delivery === this.#shown) return;
    this.#shown = selected.delivery;
    const top = matching.findIndex((one) => one.id === selected.delivery) * ROW;
    const height = this.rows.clientHeight;
    if (top >= 0 && (top < this.rows.scrollTop || top > this.rows.scrollTop + height - ROW)) {
      this.rows.scrollTop = top - height / 2;
    }
  }

  #row(one, index) {
    const { scene, matching, selected } = this.props;
    const next = one.nextDue ? `next ${durationText(one.nextDue - scene.now)}` : one.state;
    const before = [one.id, minuteText(one.occurred), one.subscription.name, one.record.event];
    const after = [lastOutcomeText(one), next];
    const cell = (text) => h("span", null, text);
    return h("div", {
      class: `row${this.props.lit && one.subscription.id === this.props.lit ? " lit" : ""}`,
      role: "option", id: `row-${one.id}`, "data-id": one.id, style: { top: `${index * ROW}px` },
      "aria-selected": String(selected?.delivery === one.id),
      "aria-posinset": index + 1,
      "aria-setsize": matching.length,
      "aria-label": [...before, countText(one.attempts.length, "attempt"), ...after].join(", "),
    }, before.map(cell), glyph(scene, one), after.map(cell));
  }

  #pick(row) {
    const delivery = row && this.props.scene.byId.get(Number(row.dataset.id));
    if (delivery) this.tell("select", { delivery: delivery.id, number: delivery.attempts.at(-1)?.number ?? null });
  }

  #key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -Infinity, End: Infinity }[event.key];
    if (event.key === "Enter") this.tell("open");
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.step(step);
  }

  step(by) {
    const { matching, selected } = this.props;
    const at = matching.findIndex((one) => one.id === selected?.delivery);
    const next = matching[Math.min(matching.length - 1, Math.max(0, at < 0 ? 0 : at + by))];
    if (next) this.tell("select", { delivery: next.id, number: next.attempts.at(-1)?.number ?? null });
  }
}
customElements.define("sim-list", List);

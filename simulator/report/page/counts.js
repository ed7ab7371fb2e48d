// Every number is a filter: states, then subscriptions. In: scene and query. Out: event `sim-filter` with a term.
import { h, Part, patch } from "sim/dom.js";
import { term, terms } from "sim/filter.js";
import { icon } from "sim/marks.js";
import { numberText } from "sim/words.js";

const ICONS = { delivered: "ok", pending: "due", exhausted: "exhausted", cancelled: "dash" };

export class Counts extends Part {
  render() {
    const { scene, query } = this.props;
    const pressed = new Set(terms(query));
    const chip = (number, text, filter, mark, aside) => h("button", {
      type: "button", "aria-pressed": String(pressed.has(filter)), onclick: () => this.tell("filter", filter),
    },
    mark && icon(mark),
    h("strong", null, numberText(number)), ` ${text}`,
    aside && h("span", { class: "aside" }, ` · ${aside}`));

    const states = Object.entries(scene.states);
    const { duplicates } = scene.facts.totals;
    const own = new Map();
    for (const { subscription } of scene.deliveries) own.set(subscription, (own.get(subscription) ?? 0) + 1);
    patch(this,
      h("div", { role: "group", "aria-label": "Filter by state" },
        states.map(([state, number]) => chip(number, state, term("state", state), ICONS[state])),
        duplicates > 0 && chip(duplicates, "sent twice", "is:duplicate")),
      h("div", { role: "group", "aria-label": "Filter by subscription" }, scene.subscriptions.map((one) => {
        const aside = scene.health.get(one)?.text ?? (one.record.enabled ? "" : "disabled");
        return chip(own.get(one) ?? 0, one.name, term("sub", one.name), null, aside);
      })));
  }
}
customElements.define("sim-counts", Counts);

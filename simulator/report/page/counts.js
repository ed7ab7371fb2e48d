// Every number is a filter: states, then subscriptions. In: scene and query. Out: event `sim-filter` with a term.
import { button, h, Part, patch } from "sim/dom.js";
import { term, terms } from "sim/filter.js";
import { icon } from "sim/marks.js";
import { numberText } from "sim/words.js";

const MOST = 6; // subscriptions that stand there by themselves; the others are one press away
const ICONS = { delivered: "ok", pending: "due", exhausted: "exhausted", cancelled: "dash" };

class Counts extends Part {
  #all = false;

  render() {
    const { scene, query } = this.props;
    const pressed = new Set(terms(query));
    const chip = (number, text, filter, mark, aside, more) => button([
      mark && icon(mark),
      h("strong", null, numberText(number)), ` ${text}`,
      aside && h("span", { class: "aside" }, ` · ${aside}`),
    ], () => this.tell("filter", filter), { "aria-pressed": String(pressed.has(filter)), ...more });

    const states = Object.entries(scene.states);
    const { duplicates } = scene.facts.totals;
    const own = new Map();
    for (const { subscription } of scene.deliveries) own.set(subscription, (own.get(subscription) ?? 0) + 1);
    const asideOf = (one) => scene.health.get(one)?.text ?? stateOf(one.record);
    const shown = this.#all ? scene.subscriptions : first(scene.subscriptions, own, asideOf, pressed);
    const left = scene.subscriptions.length - shown.length;
    const flip = () => { this.#all = !this.#all; this.render(); };
    patch(this,
      h("div", { role: "group", "aria-label": "Filter by state" },
        states.map(([state, number]) => chip(number, state, term("state", state), ICONS[state])),
        duplicates > 0 && chip(duplicates, "sent twice", "is:duplicate")),
      h("div", { role: "group", "aria-label": "Filter by subscription" },
        shown.map((one) =>
          chip(own.get(one) ?? 0, one.name, term("sub", one.name), null, asideOf(one), this.#light(one))),
        (left > 0 || this.#all && scene.subscriptions.length > MOST)
          && button(left > 0 ? `${numberText(left)} more` : "Fewer", flip, { "aria-expanded": String(this.#all) })));
  }

  /** On a page that goes on, whoever points at a subscription sees its lane and its rows. */
  #light({ id }) {
    if (!this.props.live) return {};
    const light = (wanted) => () => this.tell("light", wanted);
    return { class: this.props.lit === id ? "lit" : null, onpointerenter: light(id), onpointerleave: light(null) };
  }
}
customElements.define("sim-counts", Counts);

const stateOf = ({ deleted_at: deleted, enabled }) => (deleted ? "deleted" : enabled ? "" : "disabled");

/** Those that somebody should see first: pressed, in trouble, busy. They keep their order. */
function first(subscriptions, own, asideOf, pressed) {
  if (subscriptions.length <= MOST) return subscriptions;
  const weight = (one) => [pressed.has(term("sub", one.name)), Boolean(asideOf(one)), own.get(one) ?? 0];
  const ranked = subscriptions.toSorted((a, b) => {
    const [x, y] = [weight(a), weight(b)];
    return y[0] - x[0] || y[1] - x[1] || y[2] - x[2];
  });
  const chosen = new Set(ranked.slice(0, MOST));
  return subscriptions.filter((one) => chosen.has(one));
}

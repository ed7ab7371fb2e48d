// Who wants which event where: a card for each subscription, its health, and what can be done with it.
// In: scene, now, catalogue, lit, lesson. Out: events `sim-subscribe` (a record, or null for a new one), `sim-light`,
// `sim-query`, `sim-tab`, `sim-say`; calls of the API.
import { del, patch as change } from "sim/api.js";
import { ownerText, pendingOf, pendingText, subscribeCommand } from "sim/definition.js";
import { afterDrawing, button, commandLine, h, Part, patch } from "sim/dom.js";
import { filled } from "sim/fields.js";
import { term } from "sim/filter.js";
import { healthTree } from "sim/health.js";
import { templatePieces } from "sim/highlight.js";
import { instant } from "sim/instant.js";
import { countText, durationText, hidden, numberText, parseInstant } from "sim/words.js";

const PATH = "/simulator/subscriptions";

class Subscriptions extends Part {
  #meant = null; // {id, what}: said once, done when it is pressed again
  #busy = null;

  connectedCallback() {
    const card = (event) => event.target.closest?.("[data-subscription]")?.dataset.subscription ?? null;
    this.addEventListener("pointerover", (event) => this.#light(card(event)));
    this.addEventListener("pointerleave", () => this.#light(null));
    this.addEventListener("focusin", (event) => this.#light(card(event)));
    this.addEventListener("focusout", (event) => {
      this.#light(null);
      if (this.#meant && !event.target.closest("[data-subscription]")?.contains(event.relatedTarget)) this.#mean(null);
    });
  }

  #light(id) {
    if ((this.props.lit ?? null) !== id) this.tell("light", id);
  }

  render() {
    const { scene, tab } = this.props;
    if (tab !== "subscriptions") return; // nobody sees it
    const present = this.#inOrder(scene.subscriptions.filter((one) => !one.record.deleted_at));
    const deleted = scene.subscriptions.filter((one) => one.record.deleted_at);
    patch(this,
      h("div", { class: "panel-head" },
        h("h2", null, countText(present.length, "subscription")),
        button("New subscription", () => this.tell("subscribe", null), { class: "first" })),
      present.length ? h("ul", null, present.map((one) => this.#card(one))) : this.#nobody(),
      deleted.length > 0 && h("details", { class: "deleted" },
        h("summary", null, `${numberText(deleted.length)} deleted`),
        h("ul", null, deleted.map(gone))));
  }

  /** Those of the lesson that goes on come first, as their lanes do. */
  #inOrder = (subscriptions) =>
    subscriptions.toSorted((one, other) => Number(this.#isTaught(other.name)) - Number(this.#isTaught(one.name)));

  #isTaught = (name) => Boolean(this.props.lesson?.subscriptions.includes(name));

  /** A lesson speaks of what it made: that comes into view, wherever the page stands. */
  point() {
    afterDrawing(() => this.querySelector("[data-taught]")?.scrollIntoView({ block: "nearest" }));
  }

  /** How to begin, as a command and as a button. */
  #nobody() {
    const { scene, catalogue } = this.props;
    return h("div", { class: "empty" },
      h("p", null, "Nobody is subscribed, so no event is sent to anybody. Subscribe here, or from a terminal:"),
      commandLine(subscribeCommand(catalogue, scene.facts.subscriptions)));
  }

  #card({ id, name, record, revisions }) {
    const { now, lit } = this.props;
    const off = parseInstant(record.disabled_at);
    const revision = revisions.at(-1)?.number ?? 1;
    return h("li", {
      class: record.enabled ? "subscription" : "subscription off", "aria-label": `Subscription ${name}`,
      "data-subscription": id, "data-lit": lit === id, "data-taught": this.#isTaught(name),
    },
    h("div", { class: "who" },
      h("h3", null, name),
      h("span", { class: "aside" }, `${ownerText(record)} · revision ${numberText(revision)}`),
      h("span", { class: "acts" }, this.#acts(record))),
    h("p", { class: "wants" },
      record.event.split(", ").map((event) => h("code", null, event)),
      record.filters.map(([name, values]) => h("span", { class: "filter" }, `${name}: ${values.join(", ")}`))),
    h("p", null, h("code", { class: "url" }, filled(templatePieces(record.url_template)))),
    record.auth.length > 0 && h("p", { class: "aside" }, `sends ${record.auth.map(hidden).join(", ")}`),
    !record.enabled && h("p", { class: "disabled-why" }, h("strong", null, "disabled"), " since ", instant(off),
      `, ${durationText(Math.max(0, now - off)) || "0 s"} ago: ${record.disabled_reason}`),
    h("div", { class: "standing" },
      record.enabled && healthTree(record.health, now),
      button(`${countText(record.attempts, "attempt")}, ${numberText(record.failures)} failed`,
        () => this.#show(name), { class: "link", title: "show its deliveries" })),
    this.#meant?.id === id && h("p", { class: "plan", role: "status" }, this.#plan(record)));
  }

  #acts(record) {
    const flip = this.props.catalogue.definition.find((field) => field.type === "switch");
    const meant = (what) => this.#meant?.id === record.id && this.#meant.what === what;
    const busy = this.#busy === record.id ? "true" : null;
    const attrs = (what) => ({ "aria-busy": busy, "aria-pressed": what && String(meant(what)) });
    const twice = (what, act) => () => (meant(what) ? act() : this.#mean({ id: record.id, what }));
    const path = `${PATH}/${record.id}`;
    const set = (enabled, said) => () =>
      this.#do(record, () => change(path, { definition: { [flip.name]: enabled } }), said);
    const remove = () => {
      this.querySelector(".panel-head button").focus(); // the button goes with its card
      return this.#do(record, () => del(path), "is deleted");
    };
    return [
      button("Edit", () => this.tell("subscribe", record), attrs()),
      flip && (record.enabled
        ? button("Disable", twice("disable", set(false, "is disabled")), attrs("disable"))
        : button("Enable", set(true, "is enabled, and its failures count afresh"), attrs())),
      button("Delete", twice("delete", remove), attrs("delete")),
    ];
  }

  /** What the second press will do. */
  #plan(record) {
    const { facts } = this.props.scene;
    const pending = pendingOf(this.props.scene, record.id);
    const go = this.#meant.what === "disable" && facts.readings?.disable_cancels_pending === false;
    const fate = go ? "still be sent" : "be cancelled for good";
    const what = pending ? `${pendingText(pending)} will ${fate}` : "Nothing is pending";
    const word = this.#meant.what === "disable" ? "Disable" : "Delete";
    const last = word === "Delete" ? ", and the subscription does not come back" : "";
    return `${what}${last}. Press ${word} again to do it.`;
  }

  #mean(meant) {
    this.#meant = meant;
    this.change({});
  }

  #show(name) {
    this.tell("query", term("sub", name));
    this.tell("tab", "deliveries");
  }

  async #do(record, ask, said) {
    if (this.#busy === record.id) return;
    this.#meant = null;
    this.#busy = record.id;
    this.change({});
    try {
      await ask();
      this.tell("say", { text: `${record.name} ${said}`, tone: "ok" });
    } catch (refusal) {
      this.tell("say", { text: `${record.name}: ${refusal.message}`, tone: "bad" });
    }
    this.#busy = null;
    this.change({});
  }
}
customElements.define("sim-subscriptions", Subscriptions);

const gone = ({ name, record }) => h("li", null,
  h("strong", null, name), ` ${record.event}, deleted `, instant(parseInstant(record.deleted_at)));

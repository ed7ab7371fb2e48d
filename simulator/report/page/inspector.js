// One delivery in full: what happened at its event, its ladder, each attempt as sent, what was decided and why.
// In: scene and selection; live also `now` and `act.resend`. Out: events `sim-select`, `sim-close`, and that call.
// `details` is pure and serves paper as well.
import { attemptItem, fact, reasonFacts, time } from "sim/attempt.js";
import { h, Part, patch } from "sim/dom.js";
import { largeLadder } from "sim/ladder.js";
import { durationText } from "sim/words.js";

const key = (name) => h("kbd", null, name);

export class Inspector extends Part {
  #refused = null; // {delivery, text}: what the server said to the last wish
  #busy = false;
  #told = { of: [], tree: null };

  render() {
    const { scene, selected } = this.props;
    const delivery = selected && scene.byId.get(selected.delivery);
    this.classList.toggle("open", Boolean(delivery));
    if (!delivery) return patch(this, nothing(selected));
    const close = () => this.tell("close");
    patch(this,
      h("button", { class: "close", type: "button", title: "Esc", onclick: close }, "Close"),
      h("article", { class: "details" },
        head(delivery), this.#upcoming(delivery), this.#body(delivery, selected.number)));
  }

  /** What stands still is drawn again only when its delivery changed: the clock alone moves nothing here. */
  #body(delivery, number) {
    const { scene } = this.props;
    const of = [delivery, number, scene.facts.timeout_seconds];
    if (of.some((one, place) => one !== this.#told.of[place])) {
      const select = (chosen) => this.tell("select", { delivery: delivery.id, number: chosen });
      this.#told = { of, tree: body(scene, delivery, number, select) };
    }
    return this.#told.tree;
  }

  /** When it comes again, and what a person may do about it. */
  #upcoming(delivery) {
    const { scene, now, act } = this.props;
    if (now === undefined) return nextTree(scene, delivery);
    return h("div", { class: "upcoming" }, nextTree(scene, delivery, now), act && this.#resendTree(delivery));
  }

  #resendTree(delivery) {
    const refusal = this.#refused?.delivery === delivery.id ? this.#refused.text : "";
    const never = whyNever(delivery, this.props.scene.facts);
    return h("div", { class: "resend" },
      !never && h("button", {
        type: "button", title: "r", "aria-keyshortcuts": "r", onclick: () => this.resend(),
        "aria-disabled": this.#busy ? "true" : null, // a disabled button would lose the focus
      }, this.#busy ? "Resending" : "Resend"),
      h("p", { role: "status" }, never ? `No resend: ${never}.` : refusal));
  }

  /** Send the selected delivery again (R10); a refusal is shown in the server's own words. */
  async resend() {
    const { selected, act } = this.props;
    if (!selected || !act || this.#busy) return;
    this.#refused = null;
    this.#busy = true;
    this.change({});
    try {
      await act.resend(selected.delivery);
    } catch (refusal) {
      this.#refused = { delivery: selected.delivery, text: refusal.message };
    }
    this.#busy = false;
    this.change({});
  }
}
customElements.define("sim-inspector", Inspector);

const nothing = (selected) => h("div", { class: "nothing" },
  h("p", null, selected ? `There is no delivery ${selected.delivery} in this run.` : "Select a delivery."),
  h("p", null, key("j"), key("k"), " walk the list, ", key("Enter"), " opens it here."));

/** Everything on paper: every attempt stands open, and nothing can be pressed. */
export const details = (scene, delivery) =>
  h("article", { class: "details" }, head(delivery), nextTree(scene, delivery), body(scene, delivery, null, null));

const head = (delivery) =>
  h("h2", { tabindex: "-1" }, `Delivery ${delivery.id} `, h("span", { class: "state" }, delivery.state));

/** `select` is called with an attempt's number; without it every attempt stands open. */
function body(scene, delivery, number, select) {
  const { record, subscription, attempts } = delivery;
  const current = select && (number ?? attempts.at(-1)?.number);
  const chains = [...new Set(attempts.map((one) => one.chain))];
  return h("div", null,
    h("dl", null,
      fact("Subscription", `${subscription.name} · tenant ${record.tenant_id}`),
      fact("Event", `${record.event} · event ${record.event_id}`),
      fact("Occurred", time(delivery.occurred)),
      record.reason === attempts.at(-1)?.record.why
        ? fact("Reason", record.reason) : reasonFacts(scene, "Reason", record.reason),
      Object.entries(record.attributes).map(([name, value]) => fact(name, h("code", null, value || "(empty)")))),
    chains.map((chain) => h("section", null,
      chain > 1 && h("h3", null, `Resend ${chain - 1}`),
      h("div", { class: "ladder-box" }, largeLadder(scene, delivery, chain)),
      h("ol", { class: "attempts" }, attempts.filter((one) => one.chain === chain)
        .map((one) => attemptItem(scene, delivery, one, one.number === current, select))))),
    !chains.length && h("p", { class: "nothing" }, delivery.nextDue ? "No attempt yet." : "No attempt was made."));
}

// ---- what comes next

function nextTree(scene, delivery, now) {
  const { nextDue, subscription } = delivery;
  if (!nextDue) return null;
  const away = now === undefined ? "" : awayText(nextDue - now);
  const place = placeText(scene, delivery);
  const newest = subscription.revisions.at(-1)?.number;
  return h("p", { class: "next-due" }, "Next due ", away && h("strong", null, away), away && ", at ", time(nextDue),
    h("span", { class: "aside" }, ` · ${place}${newest ? `, with revision ${newest}` : ""}`));
}

const awayText = (span) => (span > 0 ? `in ${durationText(span)}` : "now");

function placeText(scene, { record, state, attempts }) {
  const last = attempts.at(-1);
  if (!last) return "the first attempt";
  if (state === "delivered") return "once more, as a duplicate";
  if (record.reason.startsWith("resent")) return "the first attempt of a fresh chain";
  return `attempt ${last.position + 1} of ${scene.ladder.length + 1}`;
}

/** What can be known beforehand of a resend that would be refused (R10); the server has the last word. */
function whyNever({ state, attempts, subscription }, { resend_days: days, provider }) {
  if (days === null) return `${provider} resends nothing`;
  if (state === "filtered") return "a filter refused the event, so it was never to be sent";
  if (subscription.record.deleted_at) return "its subscription was deleted";
  if (subscription.record.enabled === false) return "its subscription is disabled; enable it";
  return attempts.some((one) => one.family === "wire") ? "an attempt is on the wire" : "";
}

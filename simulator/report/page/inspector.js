// One delivery in full: what happened at its event, its ladder, each attempt as sent, what was decided and why.
// In: scene and selection. Out: events `sim-select`, `sim-close`. `details` is pure and serves paper as well.
import { copyButton, h, Part, patch } from "sim/dom.js";
import { largeLadder } from "sim/ladder.js";
import { icon } from "sim/marks.js";
import { durationText, hidden, instantText, isoText, outcomeText, realText } from "sim/words.js";

const time = (at) => h("time", { datetime: isoText(at), title: isoText(at) }, instantText(at));
const fact = (name, ...value) => value.some(Boolean) && [h("dt", null, name), h("dd", null, value)];
const key = (name) => h("kbd", null, name);

export class Inspector extends Part {
  render() {
    const { scene, selected } = this.props;
    const delivery = selected && scene.byId.get(selected.delivery);
    this.classList.toggle("open", Boolean(delivery));
    if (!delivery) return patch(this, nothing(selected));
    const select = (number) => this.tell("select", { delivery: delivery.id, number });
    const close = () => this.tell("close");
    patch(this,
      h("button", { class: "close", type: "button", title: "Esc", onclick: close }, "Close"),
      details(scene, delivery, selected.number, select));
  }
}
customElements.define("sim-inspector", Inspector);

const nothing = (selected) => h("div", { class: "nothing" },
  h("p", null, selected ? `There is no delivery ${selected.delivery} in this run.` : "Select a delivery."),
  h("p", null, key("j"), key("k"), " walk the list, ", key("Enter"), " opens it here."));

/** `select` is called with an attempt's number; without it (on paper) every attempt stands open. */
export function details(scene, delivery, number, select) {
  const { record, subscription, attempts } = delivery;
  const current = select && (number ?? attempts.at(-1)?.number);
  const chains = [...new Set(attempts.map((one) => one.chain))];
  return h("article", { class: "details" },
    h("h2", { tabindex: "-1" }, `Delivery ${delivery.id} `, h("span", { class: "state" }, delivery.state)),
    h("dl", null,
      fact("Subscription", `${subscription.name} · tenant ${record.tenant_id}`),
      fact("Event", `${record.event} · event ${record.event_id}`),
      fact("Occurred", time(delivery.occurred)),
      fact("Reason", record.reason),
      delivery.nextDue && fact("Next due", time(delivery.nextDue)),
      Object.entries(record.attributes).map(([name, value]) => fact(name, h("code", null, value || "(empty)")))),
    chains.map((chain) => h("section", null,
      chain > 1 && h("h3", null, `Resend ${chain - 1}`),
      h("div", { class: "ladder-box" }, largeLadder(scene, delivery, chain)),
      h("ol", { class: "attempts" }, attempts.filter((one) => one.chain === chain)
        .map((one) => attemptItem(scene, delivery, one, one.number === current, select))))),
    !chains.length && h("p", { class: "nothing" }, delivery.nextDue ? "No attempt yet." : "No attempt was made."));
}

/** One line for each attempt; the selected one stands open. */
function attemptItem(scene, delivery, attempt, current, select) {
  const place = attempt.duplicate ? "duplicate" : `attempt ${attempt.position} of ${scene.ladder.length + 1}`;
  const pick = select && (() => select(attempt.number));
  const open = current || !select;
  const outcome = h("strong", null, outcomeText(attempt.record));
  const head = h("button", { type: "button", onclick: pick, "aria-expanded": String(open) },
    icon(attempt.family), outcome, h("span", null, ` ${place} `), time(attempt.started));
  return h("li", { "aria-current": current ? "true" : null },
    h("h3", null, head),
    open && attemptFacts(delivery, attempt),
    open && copyButton(curl(delivery, attempt.record), "Copy as curl"));
}

function attemptFacts(delivery, attempt) {
  const { record } = attempt;
  const took = durationText(attempt.ended - attempt.started);
  return h("dl", null,
    fact("Planned", time(attempt.due), delayText(delivery, attempt)),
    fact("Actual", time(attempt.started), latenessText(attempt)),
    fact("Ended", `after ${took}`, h("span", { class: "real" }, ` · ${realText(record.real_ms)}`)),
    fact("Sent", h("code", { class: "url" }, `${record.method} ${record.url}`)),
    fact("Body", record.body && h("code", { class: "url" }, record.body)),
    fact("Headers", (delivery.subscription.record.auth ?? []).map(hidden).join(", ")),
    fact("Answer", record.error),
    fact("Fault", record.fault && `${record.fault}, injected`),
    fact("Definition", revisionText(delivery, record)),
    fact("Then", record.why));
}

/** The delay runs from the end of the failed attempt: planned and actual stand beside each other. */
function delayText(delivery, attempt) {
  const before = delivery.attempts[delivery.attempts.indexOf(attempt) - 1];
  if (before?.chain !== attempt.chain) return "";
  const [planned, actual] = [attempt.due, attempt.started].map((at) => durationText(at - before.ended, 3));
  return planned === actual ? ` · +${planned}` : ` · +${planned}, was ${actual}`;
}

const latenessText = ({ started, due }) =>
  started === due ? " · as planned" : ` · ${durationText(started - due)} late`;

/** Which definition was used, what had changed in it, and which one stood at the event (E8). */
function revisionText(delivery, { revision }) {
  const atEvent = delivery.record.revision;
  if (revision === atEvent) return `revision ${revision}, as at the event`;
  const change = delivery.subscription.revisions.find((one) => one.number === revision)?.change;
  return `revision ${revision}${change ? ` (${change})` : ""}; at the event it was ${atEvent}`;
}

function curl(delivery, { method, url, body }) {
  const quote = (text) => `'${text.replaceAll("'", "'\\''")}'`;
  const headers = (delivery.subscription.record.auth ?? []).map((name) => `-H ${quote(hidden(name))}`);
  const content = body ? `-H 'Content-Type: application/json' --data-raw ${quote(body)}` : "";
  return ["curl -i", method === "GET" ? "" : `-X ${method}`, ...headers, content, quote(url)].filter(Boolean).join(" ");
}

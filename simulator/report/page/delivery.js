// A delivery in words: what happened at its event, its ladder, each attempt as sent, what was decided and why, and what
// comes next. In: a scene and a delivery. Out: trees; `details` is all of them, for paper.
import { attemptItem, fact, reasonFacts } from "sim/attempt.js";
import { h } from "sim/dom.js";
import { instant } from "sim/instant.js";
import { largeLadder } from "sim/ladder.js";
import { durationText } from "sim/words.js";

/** Everything on paper: every attempt stands open, and nothing can be pressed. */
export const details = (scene, delivery) =>
  h("article", { class: "details" }, head(delivery), nextTree(scene, delivery), body(scene, delivery, null, null));

export const head = (delivery) =>
  h("h2", { tabindex: "-1" }, `Delivery ${delivery.id} `, h("span", { class: "state" }, delivery.state));

/** `select` is called with an attempt's number; without it every attempt stands open. */
export function body(scene, delivery, number, select) {
  const { record, subscription, attempts } = delivery;
  const current = select && (number ?? attempts.at(-1)?.number);
  const chains = [...new Set(attempts.map((one) => one.chain))];
  return h("div", null,
    h("dl", null,
      fact("Subscription", `${subscription.name} · tenant ${record.tenant_id}`),
      fact("Event", `${record.event} · event ${record.event_id}`),
      fact("Occurred", instant(delivery.occurred)),
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

export function nextTree(scene, delivery, now) {
  const { nextDue, subscription } = delivery;
  if (!nextDue) return null;
  const away = now === undefined ? "" : awayText(nextDue - now);
  const place = placeText(scene, delivery);
  const newest = subscription.revisions.at(-1)?.number;
  return h("p", { class: "next-due" }, "Next due ", away && h("strong", null, away), away && ", at ", instant(nextDue),
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
export function whyNever({ state, attempts, subscription }, { resend_days: days, provider }) {
  if (days === null) return `${provider} resends nothing`;
  if (state === "filtered") return "a filter refused the event, so it was never to be sent";
  if (subscription.record.deleted_at) return "its subscription was deleted";
  if (subscription.record.enabled === false) return "its subscription is disabled; enable it";
  return attempts.some((one) => one.family === "wire") ? "an attempt is on the wire" : "";
}

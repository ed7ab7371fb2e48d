// One attempt in full: when it was to leave and left, what was sent, what came back, under which definition, what then.
// In: a scene, a delivery, an attempt. Out: trees. Secrets are never in the record: their places hold dots.
import { comparison } from "sim/compare.js";
import { button, copyButton, h } from "sim/dom.js";
import { bodyPieces, templatePieces, urlPieces } from "sim/highlight.js";
import { instant } from "sim/instant.js";
import { icon } from "sim/marks.js";
import { durationText, hidden, outcomeText, quoted, realText, SECOND } from "sim/words.js";

const BAR = 120; // px for the whole time limit
const CLAUSE = /\(([A-Z]\d+)\)$/; // at the end of a reason, where the provider's guide has one

export const fact = (name, ...value) => value.some(Boolean) && [h("dt", null, name), h("dd", null, value)];

/** Why something was decided, by which clause, and what the record says that this clause says. */
export function reasonFacts({ facts }, name, reason) {
  const clause = CLAUSE.exec(reason)?.[1];
  const said = facts.clauses?.[clause];
  return [fact(name, reason), fact("Clause", said && `${clause}: ${said}`)];
}

/** One line for each attempt; the selected one stands open. */
export function attemptItem(scene, delivery, attempt, current, select) {
  const place = attempt.duplicate ? "duplicate" : `attempt ${attempt.position} of ${scene.ladder.length + 1}`;
  const pick = select && (() => select(attempt.number));
  const open = current || !select;
  const outcome = h("strong", null, outcomeText(attempt.record));
  const told = [icon(attempt.family), outcome, h("span", null, ` ${place} `), instant(attempt.started)];
  const head = button(told, pick, { "aria-expanded": String(Boolean(open)) });
  return h("li", { "aria-current": current ? "true" : null },
    h("h3", null, head),
    open && h("dl", null, factsOf(scene, delivery, attempt)),
    open && attempt.record.url && copyButton(curl(delivery, attempt.record), "Copy as curl"));
}

function factsOf(scene, delivery, attempt) {
  const { record } = attempt;
  const times = [
    fact("Planned", instant(attempt.due), delayText(delivery, attempt)),
    fact("Actual", instant(attempt.started), latenessText(attempt)),
  ];
  const definition = fact("Definition", revisionTree(delivery, record));
  if (attempt.family === "wire") return [times, definition, fact("Then", "the answer decides")];
  return [
    times,
    fact("Ended", endedTree(scene, attempt)),
    requestFacts(delivery, record),
    fact("Answer", record.error),
    fact("Fault", record.fault && `${record.fault}, injected`),
    definition,
    reasonFacts(scene, "Then", record.why),
  ];
}

/** Exactly as sent, and the template it was made from. */
function requestFacts({ record: { attributes }, subscription }, { method, url, body, revision }) {
  const template = revisionOf({ subscription }, revision)?.url_template;
  return [
    fact("Sent", h("code", { class: "url" }, `${method} `, marked(urlPieces(template, url, attributes)))),
    template?.includes("<") && fact("Template", h("code", { class: "url" }, marked(templatePieces(template)))),
    body && fact("Body", h("pre", { class: "body", tabindex: "0" }, marked(bodyPieces(body, attributes)))),
    fact("Headers", (subscription.record.auth ?? []).map(hidden).join(", ")),
  ];
}

/** Values of the event stand out; which attribute each one is, its title says, and the template beside it. */
const marked = (pieces) =>
  pieces.map(({ text, name }) => (name ? h("mark", { title: name }, text) : text));

// ---- time

/** The delay runs from the end of the failed attempt: planned and actual stand beside each other. */
function delayText(delivery, attempt) {
  const before = delivery.attempts[delivery.attempts.indexOf(attempt) - 1];
  if (before?.chain !== attempt.chain) return "";
  const [planned, actual] = [attempt.due, attempt.started].map((at) => durationText(at - before.ended, 3));
  return planned === actual ? ` · +${planned}` : ` · +${planned}, was ${actual}`;
}

const latenessText = ({ due, started }) =>
  started > due ? ` · ${durationText(started - due)} late` : " · as planned";

/** Real time has no axis; where the limit is known, a thin bar says how much of it was used. */
function endedTree(scene, { record, started, ended }) {
  const limit = scene.facts.timeout_seconds;
  const real = realText(record.real_ms);
  const of = limit ? ` of ${durationText(limit * SECOND)}` : "";
  return [`after ${durationText(ended - started)}`, h("span", { class: "real" }, ` · ${real}${of}`),
    limit && bar(record.real_ms / (limit * 1000))];
}

function bar(share) {
  const filled = Math.min(BAR, Math.max(1, Math.round(BAR * share)));
  return h("svg", { class: "used", width: BAR, height: 4, "aria-hidden": "true" },
    h("rect", { class: "whole", width: BAR, height: 4, rx: 2 }),
    h("rect", { class: "part", width: filled, height: 4, rx: 2 }));
}

// ---- the definition

const revisionOf = ({ subscription }, number) => subscription.revisions.find((one) => one.number === number);

/** Which revision was used, and where it is not the one at the event: what had changed meanwhile (R5). */
function revisionTree(delivery, { revision }) {
  const then = delivery.record.revision;
  if (revision === then) return `revision ${revision}, as at the event`;
  const changes = delivery.subscription.revisions
    .filter(({ number, change }) => number > then && number <= revision && change)
    .map(({ change }) => change);
  const told = changes.length ? ` (${[...new Set(changes)].join(", ")})` : "";
  return [`revision ${revision}${told}; at the event it was ${then}`, templateChange(delivery, then, revision)];
}

function templateChange(delivery, then, used) {
  const [before, after] = [then, used].map((number) => revisionOf(delivery, number)?.url_template);
  if (!before || !after || before === after) return null;
  const tags = { same: (text) => text, gone: (text) => h("del", null, text), new: (text) => h("ins", null, text) };
  return h("code", { class: "url change" }, comparison(before, after).map(({ text, kind }) => tags[kind](text)));
}

// ---- the command that does the same

function curl(delivery, { method, url, body }) {
  const headers = (delivery.subscription.record.auth ?? []).map((name) => `-H ${quoted(hidden(name))}`);
  const content = body ? `-H 'Content-Type: application/json' --data-raw ${quoted(body)}` : "";
  const verb = method === "GET" ? "" : `-X ${method}`;
  return ["curl -i", verb, ...headers, content, quoted(url)].filter(Boolean).join(" ");
}

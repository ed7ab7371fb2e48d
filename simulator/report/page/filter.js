// The words of the filter box: `state:exhausted sub:crm outcome:503` and free text; all of them must hold.
// In: the text and a scene. Out: the deliveries it lets through. The same words stand in the address as `q`.
import { evidenceOf, judgementsOf } from "sim/scene.js";
import { outcomeText } from "sim/words.js";

const texts = new WeakMap();

const TESTS = {
  state: (one, value) => one.state === value,
  sub: (one, value) => one.subscription.name.toLowerCase() === value || one.record.subscription_id === value,
  event: (one, value) => one.record.event.toLowerCase() === value,
  outcome: (one, value) => one.attempts.some((attempt) => attempt.family === value || wordOf(attempt) === value),
  fault: (one, value) => one.attempts.some((attempt) => attempt.record.fault.toLowerCase().includes(value)),
  id: (one, value) => value.split(",").includes(String(one.id)),
  is: (one, value) => IS[value]?.(one) ?? false,
};
const IS = {
  duplicate: (one) => one.attempts.some((attempt) => attempt.duplicate),
  resent: (one) => one.attempts.some((attempt) => attempt.chain > 1),
  retried: (one) => one.attempts.some((attempt) => attempt.position > 1),
  sent: (one) => one.state !== "filtered",
};

const wordOf = ({ record }) => outcomeText(record).toLowerCase();

/** `key:value`, `key:"two words"`, or plain text. */
export const terms = (query) => query.match(/\w+:"[^"]*"|\S+/g) ?? [];

export function matching(scene, query) {
  const tests = terms(query.toLowerCase()).map((term) => testOf(term, scene));
  return tests.length ? scene.deliveries.filter((one) => tests.every((test) => test(one))) : scene.deliveries;
}

function testOf(term, scene) {
  const [, key, value] = /^(\w+):"?([^"]*)"?$/.exec(term) ?? [];
  if (key === "evidence") {
    const shown = new Set(evidenceOf(scene, judgementsOf(scene.facts)[value - 1] ?? {}));
    return (one) => shown.has(one);
  }
  return TESTS[key] ? (one) => TESTS[key](one, value) : (one) => textOf(one).includes(term);
}

function textOf(one) {
  if (!texts.has(one)) {
    const { id, event, tenant_id, state, reason, attributes } = one.record;
    const attempts = one.attempts.map(({ record }) => [outcomeText(record), record.error, record.url, record.fault]);
    const parts = [id, event, tenant_id, one.subscription.name, state, reason, Object.values(attributes), attempts];
    texts.set(one, parts.flat(2).join("\n").toLowerCase());
  }
  return texts.get(one);
}

/** The query with this term pressed or released; another term of the same key gives way. */
export function toggle(query, term) {
  const key = term.slice(0, term.indexOf(":") + 1);
  const all = terms(query);
  return [...all.filter((one) => !one.startsWith(key)), ...(all.includes(term) ? [] : [term])].join(" ");
}

export const term = (key, value) => `${key}:${/\s/.test(value) ? `"${value}"` : value}`;

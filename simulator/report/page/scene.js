// The record as the picture needs it: instants as numbers, each delivery beside its subscription, disabled spans.
// In: the report document (or a snapshot of the same shape). Out: values. Never changes what it was handed.
import { HOUR, SECOND, durationText, familyOf, parseInstant } from "sim/words.js";

const LADDER_SECONDS = [30, 300, 1800, 10800, 72000];
const WATCHED_FROM = 0.8; // share of the disable rule from which a lane says how close it is

const known = new WeakMap(); // records are replaced, never changed: what was read from one stays true

export function makeScene(facts) {
  const start = parseInstant(facts.clock.virtual_start);
  const now = parseInstant(facts.clock.virtual_end);
  const subscriptions = facts.subscriptions.map(readSubscription);
  const byId = new Map(subscriptions.map((one) => [one.id, one]));
  const deliveries = facts.deliveries.map((record) => readDelivery(record, byId));
  const last = deliveries.reduce((latest, one) => Math.max(latest, one.nextDue ?? 0), now);
  const air = Math.max(HOUR / 60, (last - start) * 0.015);
  return {
    facts,
    start,
    now,
    run: { from: start - air, to: last + air },
    ladder: facts.ladder_seconds ?? LADDER_SECONDS,
    subscriptions,
    deliveries,
    faults: (facts.faults ?? []).map(readFault),
    states: tally(deliveries),
    attempts: deliveries.reduce((sum, one) => sum + one.attempts.length, 0),
    families: new Set(deliveries.flatMap((one) => one.attempts.map((attempt) => attempt.family))),
    byId: new Map(deliveries.map((one) => [one.id, one])),
    health: healthOf(deliveries, facts.disable, now),
  };
}

// ---- subscriptions

function readSubscription(record) {
  if (known.has(record)) return known.get(record);
  const revisions = (record.revisions ?? []).map((one) => ({ ...one, at: parseInstant(one.at) }));
  const subscription = {
    record,
    id: record.id,
    name: record.name || record.id,
    revisions,
    disabled: disabledSpans(record, revisions),
  };
  known.set(record, subscription);
  return subscription;
}

/** Each stretch during which the subscription was off; `to` is null while it still is. */
function disabledSpans(record, revisions) {
  const spans = [];
  let open = null;
  for (const revision of revisions) {
    if (!revision.enabled && !open) {
      open = { from: revision.at, to: null, reason: revision.change };
      spans.push(open);
    } else if (revision.enabled && open) {
      open.to = revision.at;
      open = null;
    }
  }
  if (record.disabled_at && !open) {
    spans.push({ from: parseInstant(record.disabled_at), to: null, reason: record.disabled_reason });
  }
  return spans;
}

/** `disabled · 100 of 100 failed` where the provider did it, `disabled` where a person did. */
export function disabledText(span) {
  const failed = /auto\D*(\d+) attempts/.exec(span.reason)?.[1];
  if (failed) return `disabled · ${failed} of ${failed} failed`;
  return span.reason === "deleted" ? "deleted" : "disabled";
}

/** For each subscription near the disable rule: how many failing attempts stand in its window (R7). */
function healthOf(deliveries, rule, now) {
  const attempts = new Map();
  for (const { subscription, attempts: own } of rule ? deliveries : []) {
    if (!subscription.record.enabled) continue;
    if (!attempts.has(subscription)) attempts.set(subscription, []);
    attempts.get(subscription).push(...own.filter((one) => one.family !== "wire" && one.family !== "unknown"));
  }
  const health = new Map();
  for (const [subscription, own] of attempts) {
    const near = nearDisable(subscription, own, rule, now);
    if (near) health.set(subscription, near);
  }
  return health;
}

function nearDisable(subscription, attempts, rule, now) {
  const window = rule.window_seconds * SECOND;
  const afresh = subscription.disabled.at(-1)?.to ?? -Infinity;
  const success = attempts.reduce((latest, one) => (one.family === "ok" ? Math.max(latest, one.ended) : latest), 0);
  const counted = attempts.map((one) => one.ended).filter((ended) => ended > Math.max(afresh, success, now - window));
  if (counted.length < rule.attempts * WATCHED_FROM) return null;
  const oldest = counted.reduce((first, ended) => Math.min(first, ended), Infinity);
  const failing = Math.min(counted.length, rule.attempts); // beyond that only a success in the window keeps it
  const kept = now - success < window ? ", kept by a success" : "";
  return { text: `${failing} of ${rule.attempts} in ${window / HOUR} h${kept}`, leavesAt: oldest + window };
}

// ---- deliveries

function readDelivery(record, subscriptions) {
  const subscription = subscriptions.get(record.subscription_id);
  const seen = known.get(record);
  if (seen?.subscription === subscription) return seen;
  const delivery = {
    record,
    subscription: subscription ?? { name: record.subscription_id, disabled: [], revisions: [], record: {} },
    id: record.id,
    state: record.state,
    occurred: parseInstant(record.occurred_at),
    nextDue: parseInstant(record.next_due_at),
    attempts: record.attempts.map(readAttempt),
  };
  known.set(record, delivery);
  return delivery;
}

function readAttempt(record) {
  const started = parseInstant(record.started_at);
  return {
    record,
    number: record.number,
    chain: record.chain ?? 1,
    position: record.position ?? record.number,
    duplicate: Boolean(record.duplicate),
    family: familyOf(record),
    due: parseInstant(record.due_at),
    started,
    ended: parseInstant(record.ended_at) ?? started,
  };
}

function tally(deliveries) {
  const states = { delivered: 0, pending: 0, exhausted: 0, cancelled: 0, filtered: 0 };
  for (const delivery of deliveries) states[delivery.state] = (states[delivery.state] ?? 0) + 1;
  return states;
}

// ---- faults

function readFault(record) {
  const from = parseInstant(record.since);
  const to = parseInstant(record.until);
  const length = to === null ? "until cleared" : durationText(to - from);
  const kind = /status (\d{3})/.exec(record.summary)?.[1] ?? record.kind.replaceAll("_", " ");
  return { record, from, to, subscriptionId: record.subscription_id, kind, label: `${kind} · ${length}` };
}

export const acts = (fault, now) => fault.from <= now && (fault.to === null || now < fault.to);
export const acting = (scene, now) => scene.faults.filter((one) => acts(one, now));

/** The deliveries that show an expectation (or a check). */
export const evidenceOf = (scene, judgement) =>
  (judgement.evidence ?? []).map((id) => scene.byId.get(id)).filter(Boolean);

/** Expectations of a scenario and checks of a contract, in one shape. */
export function judgementsOf(facts) {
  const checks = (facts.checks ?? []).map((check) => ({
    ...check, name: check.id, expected: check.clause, actual: check.message,
  }));
  return [...(facts.expectations ?? []), ...checks];
}

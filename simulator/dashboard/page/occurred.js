// The events of a run with what each one came to: deliveries, or why there was none.
// In: a scene, whose deliveries name their events, and the events of the snapshot and the stream. Out: values.
import { countText, parseInstant } from "sim/words.js";

export const MOST = 500; // the newest; older ones are found by GET /simulator/events

/** The newest events, newest first. */
export function occurred({ deliveries, facts }) {
  const found = new Map();
  for (let place = deliveries.length - 1; place >= 0 && found.size <= MOST; place -= 1) add(found, deliveries[place]);
  for (const record of (facts.events ?? []).slice(-MOST)) {
    const known = found.get(record.id);
    if (known) known.count = Math.max(known.count, record.deliveries);
    else found.set(record.id, fromRecord(record));
  }
  return [...found.values()].sort((one, other) => other.id - one.id).slice(0, MOST).map(judged);
}

function add(found, delivery) {
  const { event_id: id, event, tenant_id: tenant, attributes } = delivery.record;
  const known = found.get(id) ?? { id, event, tenant, attributes, at: delivery.occurred, deliveries: [], silence: [] };
  known.deliveries.unshift(delivery);
  known.count = known.deliveries.length;
  found.set(id, known);
}

const fromRecord = ({ id, event, tenant_id: tenant, attributes, occurred_at: at, deliveries, silence }) =>
  ({ id, event, tenant, attributes, at: parseInstant(at), deliveries: [], count: deliveries, silence });

/** Filtered, or cancelled before the first attempt: a delivery stands there, and nothing was sent. */
const neverSent = ({ state, attempts, nextDue }) =>
  !attempts.length && !nextDue && (state === "filtered" || state === "cancelled");

function judged(one) {
  const unsent = one.deliveries.filter(neverSent);
  const fired = one.count - unsent.length;
  const reasons = [...one.silence, ...unsent.map((delivery) => reasonText(delivery))];
  return { ...one, unsent, fired, reasons };
}

export const reasonText = ({ subscription, record, state }) =>
  `${subscription.name}: ${record.reason || state}`;

/** `2 deliveries`, `1 delivery, 1 filtered`; nothing where none was to be sent. */
export function firedText({ fired, unsent }) {
  if (!fired) return "";
  const counts = new Map();
  for (const { state } of unsent) counts.set(state, (counts.get(state) ?? 0) + 1);
  return [countText(fired, "delivery"), ...[...counts].map(([state, count]) => `${count} ${state}`)].join(", ");
}

// The one copy of the state. In: a snapshot, then changes. Out: the same shape, up to date, for `makeScene`.
// A change is a whole record, so applying it twice does no harm.
const MOST = 20_000; // deliveries kept: as many as a snapshot holds
const SLACK = 2_000;
const MOST_EVENTS = 500; // kept at least, of those that fired nothing: as many as a snapshot holds and the page lists

export class Store {
  #facts = null;
  #of = {};
  #fresh = false;

  /** Begin with what the server knows. */
  load(snapshot) {
    const byId = (records) => new Map((records ?? []).map((one) => [one.id, one]));
    this.#facts = snapshot;
    this.#of = {
      delivery: byId(snapshot.deliveries),
      subscription: byId(snapshot.subscriptions),
      fault: byId(snapshot.faults),
      event: byId(snapshot.events),
    };
    this.lesson = snapshot.lesson ?? null;
    this.#fresh = true;
  }

  get loaded() {
    return this.#facts !== null;
  }

  apply(changes) {
    for (const { kind, id, record } of changes) {
      if (kind === "standing") this.#stand(id, record);
      else if (kind === "lesson") this.lesson = record;
      else this.#of[kind]?.set(id, record);
    }
    this.#forget();
    this.#fresh = true;
  }

  /** Counts and health change with every attempt; the rest of the subscription does not. */
  #stand(id, standing) {
    const record = this.#of.subscription.get(id);
    if (record) this.#of.subscription.set(id, { ...record, ...standing });
  }

  /** The oldest deliveries go, those that are still pending last. */
  #forget() {
    const events = this.#of.event;
    for (const id of events.size > 2 * MOST_EVENTS ? [...events.keys()].slice(0, -MOST_EVENTS) : []) events.delete(id);
    const all = this.#of.delivery;
    if (all.size <= MOST + SLACK) return;
    for (const [id, one] of all) {
      if (all.size <= MOST) return;
      if (one.state !== "pending") all.delete(id);
    }
  }

  /** Whether something changed since `facts` was asked last. */
  get fresh() {
    return this.#fresh;
  }

  /** In the shape of the report; `at` is the virtual instant in ISO 8601. */
  facts(at) {
    this.#fresh = false;
    const { delivery, subscription, fault, event } = this.#of;
    const deliveries = [...delivery.values()];
    const duplicates = deliveries.filter((one) => one.attempts.some((attempt) => attempt.duplicate)).length;
    return {
      ...this.#facts,
      clock: { ...this.#facts.clock, virtual_end: at },
      totals: { ...this.#facts.totals, duplicates },
      deliveries,
      subscriptions: [...subscription.values()],
      faults: [...fault.values()],
      events: [...event.values()],
    };
  }
}

// The stream of changes, held open across losses. In: a cursor. Out: calls with changes, the clock, the connection.
// Nothing is applied twice: what is not beyond the last id is dropped, and every reconnect goes on from there.

const WAITS = [1, 2, 5, 10]; // real seconds between attempts to connect
const SILENCE = 25_000; // real ms without a word, after which it counts as lost: the server speaks every 10 s
const HIDDEN = 60_000; // real ms after which a hidden tab lets its connection go: a browser has only six for a host

const position = (cursor) => {
  const [epoch, number] = cursor.split(".");
  return { epoch, number: Number(number) };
};

export class Stream {
  #source = null;
  #cursor = "";
  #failures = 0;
  #timers = {};
  #leaving = 0; // until a hidden page lets its connection go

  /** `told`: changes(list), clock(state), reset(), state({name, retryAt?}). */
  constructor(told) {
    this.told = told;
    document.addEventListener("visibilitychange", () => this.#visible());
  }

  /** Listen to whatever comes after this cursor. */
  open(cursor) {
    this.#cursor = cursor;
    this.#connect();
  }

  /** Do not wait for the next attempt to connect. */
  retry() {
    this.#connect();
  }

  #connect() {
    this.#drop();
    const source = new EventSource(`/simulator/stream?after=${this.#cursor}`);
    this.#source = source;
    source.onopen = () => this.#opened();
    source.onerror = () => this.#lost();
    source.addEventListener("changes", (event) => this.#changes(event));
    source.addEventListener("clock", (event) => this.#heard(() => this.told.clock(JSON.parse(event.data))));
    source.addEventListener("reset", () => this.#reset());
    this.#listen();
  }

  #opened() {
    this.#failures = 0;
    this.told.state({ name: "open" });
  }

  #changes(event) {
    const [last, found] = [position(this.#cursor), position(event.lastEventId)];
    this.#heard(() => {
      if (found.epoch === last.epoch && found.number <= last.number) return;
      this.#cursor = event.lastEventId;
      this.told.changes(JSON.parse(event.data).changes);
    });
  }

  #heard(act) {
    this.#listen();
    act();
  }

  #reset() {
    this.#drop();
    this.told.reset();
  }

  /** Waiting is ours, not the browser's: it would go on from the first address, and give up after a refusal. */
  #lost() {
    this.#drop();
    const wait = WAITS[Math.min(this.#failures, WAITS.length - 1)];
    this.#failures += 1;
    this.told.state({ name: "lost", retryAt: performance.now() + wait * 1000 });
    this.#timers.retry = setTimeout(() => this.#connect(), wait * 1000);
  }

  #listen() {
    clearTimeout(this.#timers.silence);
    this.#timers.silence = setTimeout(() => this.#lost(), SILENCE);
  }

  #drop() {
    for (const timer of Object.values(this.#timers)) clearTimeout(timer);
    this.#source?.close();
    this.#source = null;
  }

  #visible() {
    clearTimeout(this.#leaving);
    if (document.hidden) {
      this.#leaving = setTimeout(() => this.#drop(), HIDDEN);
    } else if (!this.#source && this.#cursor) {
      this.#connect();
    }
  }
}

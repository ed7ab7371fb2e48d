// The virtual instant between two words of the server. In: the clock's state and real time. Out: an instant.
// It never goes back, and never past what falls due next: there the server's clock waits as well.
import { parseInstant, SECOND } from "sim/words.js";

/** The clock as the server told it at the real instant `mark` (milliseconds). */
export function readClock(state, mark) {
  const [at, due, target] = [state.now, state.next_due, state.advancing_to].map(parseInstant);
  return { ...state, at, due, target, mark };
}

/** `rate` is null where time jumps: then it stands until the server says where. */
export function virtualNow(live, real) {
  const passed = Math.max(0, real - live.mark) * (live.rate ?? 0) * (SECOND / 1000);
  const bound = Math.min(live.due ?? Infinity, live.target ?? Infinity);
  return Math.max(live.at, Math.min(Math.floor(live.at + passed), bound));
}

export const isMoving = (live) => live.rate !== null && live.rate > 0;

/** What the clock does, in a word or two. */
export function clockWords(live) {
  if (live.failure) return "the engine has stopped";
  if (live.target !== null) return "advancing";
  if (live.paused) return "paused";
  const held = live.on_wire > 0 && (live.rate === 0 || live.speed === "elastic");
  if (held) return `held, ${live.on_wire} on the wire`;
  if (live.speed === "jump") return live.due === null ? "jump, nothing is due" : "jumping";
  if (live.speed === "elastic") return live.due === null ? "elastic, nothing is due" : "elastic";
  return `running at ${live.speed}×`;
}

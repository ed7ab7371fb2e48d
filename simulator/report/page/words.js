// What is said, and how: instants, durations, outcomes, and the sentences that name them.
// In: values of the record (instants are virtual microseconds). Out: text. Knows no page, no store, no network.

const MILLISECOND = 1_000;
export const SECOND = 1_000_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

const WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const UNITS = [["d", DAY], ["h", HOUR], ["m", MINUTE], ["s", SECOND]];

// ---- instants and durations

/** An ISO 8601 instant as virtual microseconds: `Date` alone would lose everything below a millisecond. */
export function parseInstant(iso) {
  if (iso === null || iso === undefined) return null;
  const dot = iso.indexOf(".");
  if (dot < 0) return Date.parse(iso) * MILLISECOND;
  const micros = /^\d{1,6}/.exec(iso.slice(dot + 1))?.[0] ?? "";
  return Date.parse(`${iso.slice(0, dot)}Z`) * MILLISECOND + Number(micros.padEnd(6, "0"));
}

const two = (number) => String(number).padStart(2, "0");
const dateOf = (at) => new Date(Math.floor(at / MILLISECOND));

/** `2026-03-07T23:04:12Z`, for titles, copies and addresses. */
export function isoText(at) {
  const micros = ((at % SECOND) + SECOND) % SECOND;
  const whole = dateOf(at - micros).toISOString().slice(0, 19);
  return micros ? `${whole}.${String(micros).padStart(6, "0")}Z` : `${whole}Z`;
}

export function dayText(at) {
  const date = dateOf(at);
  return `${WEEKDAYS[date.getUTCDay()]} ${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}`;
}

/** `23:04:12`; a fraction shows only where there is one. */
export function timeText(at) {
  const date = dateOf(at);
  const micros = ((at % SECOND) + SECOND) % SECOND;
  const fraction = micros ? `.${String(micros).padStart(6, "0").replace(/0+$/, "")}` : "";
  return `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}${fraction}`;
}

export const instantText = (at) => `${dayText(at)} ${timeText(at)}`;
export const minuteText = (at) => `${dayText(at)} ${timeText(at).slice(0, 5)}`;

/** `4 m 12 s`: the largest units that are not zero, two of them unless more are asked for. */
export function durationText(span, units = 2) {
  if (span < 0) return `–${durationText(-span, units)}`;
  if (span < SECOND) return `${Number((span / SECOND).toPrecision(3))} s`;
  const parts = [];
  let rest = units > 2 ? span : Math.round(span / SECOND) * SECOND;
  for (const [unit, size] of UNITS) {
    const count = unit === "s" ? Number((rest / size).toFixed(3)) : Math.floor(rest / size);
    rest -= count * size;
    if (count) parts.push(`${count} ${unit}`);
    if (parts.length === units) break;
  }
  return parts.join(" ");
}

/** Real time always says that it is real. */
export function realText(ms) {
  if (ms >= 1000) return `${(ms / 1000).toFixed(ms >= 10_000 ? 0 : 1)} s real`;
  return `${ms >= 10 || ms === 0 ? Math.round(ms) : ms.toFixed(1)} ms real`;
}

// ---- numbers

export const numberText = (number) => Math.round(number).toLocaleString("en-GB");
const PLURALS = { delivery: "deliveries" };

export function countText(number, noun) {
  return `${numberText(number)} ${number === 1 ? noun : PLURALS[noun] ?? `${noun}s`}`;
}

// ---- outcomes

/** The families of outcomes, in the order in which columns stack and the legend lists them. */
export const FAMILIES = ["ok", "bad", "late", "gone", "unknown", "wire"];
export const FAMILY_WORDS = {
  ok: "delivered", bad: "error answer", late: "timeout", gone: "no connection", unknown: "outcome unknown",
  wire: "on the wire", due: "next due", exhausted: "exhausted", dash: "cancelled",
};
const FAMILY_OF = {
  success: "ok", informational: "bad", redirect: "bad", client_error: "bad", server_error: "bad", malformed: "bad",
  connect_timeout: "late", headers_timeout: "late", body_timeout: "late", timeout: "late",
  refused: "gone", unreachable: "gone", reset: "gone", dns: "gone", tls: "gone",
};

export function familyOf(attempt) {
  return attempt.ended_at === null ? "wire" : FAMILY_OF[attempt.outcome] ?? "unknown";
}

const OF_STATUS = ["", "informational", "success", "redirect", "client_error", "server_error"]; // by the first digit

/** The exact kind: `503`, `connect timeout`, `refused`. A 200 whose body never ended is no 200. */
export function outcomeText(attempt) {
  if (attempt.ended_at === null) return FAMILY_WORDS.wire;
  if (OF_STATUS[Math.floor((attempt.status ?? 0) / 100)] === attempt.outcome) return String(attempt.status);
  const word = attempt.outcome.replaceAll("_", " ");
  return word === "dns" || word === "tls" ? word.toUpperCase() : word;
}

/** A header as it may be shown: its name and four dots. */
export const hidden = (name) => (name.includes(":") ? `${name} ••••` : `${name}: ••••`);

/** As one word of a shell. */
export const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

// ---- sentences

/** `jobs, attempt 4 of 6, 500, Sat 7 Mar 20:17:30, after 30 m`. */
export function attemptName(scene, delivery, attempt) {
  const before = delivery.attempts[delivery.attempts.indexOf(attempt) - 1];
  const after = before?.chain === attempt.chain ? `, after ${durationText(attempt.started - before.ended)}` : "";
  const place = attempt.duplicate ? "duplicate" : `attempt ${attempt.position} of ${scene.ladder.length + 1}`;
  const chain = attempt.chain > 1 ? `, resend ${attempt.chain - 1}` : "";
  const what = `${outcomeText(attempt.record)}, ${instantText(attempt.started)}`;
  return `${delivery.subscription.name}, ${place}${chain}, ${what}${after}`;
}

/** The last outcome of a delivery, or why there is none. */
export function lastOutcomeText(delivery) {
  const last = delivery.attempts.at(-1);
  return last ? outcomeText(last.record) : { filtered: "not sent", cancelled: "not sent" }[delivery.state] ?? "–";
}

/** What the picture shows, as one sentence: the name of the SVG. */
export function summaryText(scene, window) {
  const states = ["delivered", "pending", "exhausted", "cancelled"]
    .filter((state) => scene.states[state])
    .map((state) => `${numberText(scene.states[state])} ${state}`);
  const disabled = scene.subscriptions.filter((one) => one.disabled.length).map((one) => one.name);
  return [
    `Timeline from ${minuteText(window.from)} to ${minuteText(window.to)}`,
    `${countText(scene.subscriptions.length, "subscription")}, ${countText(scene.attempts, "attempt")}`,
    states.join(", "),
    scene.faults.length ? countText(scene.faults.length, "fault") : "",
    disabled.length ? `disabled for a time: ${disabled.join(", ")}` : "",
  ].filter(Boolean).join("; ");
}

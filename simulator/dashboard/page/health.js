// How close a subscription is to being disabled, in words. In: `health` of its record, and now. Out: text, trees.
import { h } from "sim/dom.js";
import { durationText, HOUR, numberText, parseInstant, SECOND } from "sim/words.js";

/**
 * `87 of 100 failures, the window slides in 3 h 12 m`; empty where the provider disables nobody. As long as a success
 * stands in the window, no number of failures disables (R7).
 */
export function healthText(health, now) {
  if (!health) return "";
  const leaves = parseInstant(health.oldest_leaves_at);
  const slid = leaves !== null && leaves <= now; // nothing was sent since: the server counts when something is
  const failing = slid ? `${numberText(health.failing - 1)} or fewer` : numberText(health.failing);
  const slides = leaves === null || slid ? "" : `, the window slides in ${durationText(leaves - now)}`;
  const succeeded = parseInstant(health.last_success_at);
  const keptUntil = succeeded === null ? 0 : succeeded + health.window_seconds * SECOND;
  const counts = health.failing > 0 && keptUntil > now;
  const kept = counts ? `; a success keeps it enabled for ${durationText(keptUntil - now)}` : "";
  return `${failing} of ${numberText(health.limit)} failures${slides}${kept}`;
}

/** What the meter measures, for whoever points at it. */
function ruleText(health) {
  const hours = durationText(health.window_seconds * SECOND, 1);
  const window = health.window_seconds * SECOND >= HOUR ? `${health.window_seconds / 3600} h` : hours;
  return `${numberText(health.limit)} failing attempts within ${window}, and no success among them, disable it`;
}

export function healthTree(health, now) {
  if (!health) return null;
  const text = healthText(health, now);
  const share = Math.min(1, health.failing / health.limit);
  return h("div", { class: "health", title: ruleText(health) },
    h("div", {
      class: share >= 0.8 ? "meter near" : "meter", role: "meter", "aria-label": "Failures", "aria-valuetext": text,
      "aria-valuemin": 0, "aria-valuemax": health.limit, "aria-valuenow": health.failing,
    }, h("i", { style: { width: `${share * 100}%` } })),
    h("span", null, text));
}

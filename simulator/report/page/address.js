// The state in the address: `#d=12.4&w=2026-03-06T17:00:00Z/2026-03-08T05:00:00Z&q=state:exhausted`.
// In: text or state. Out: the other one. `d` is delivery.attempt, `w` an interval of ISO 8601, `q` the filter.
import { isoText, parseInstant, SECOND } from "sim/words.js";

export function readAddress(hash) {
  const found = new URLSearchParams(hash.replace(/^#/, ""));
  const [delivery, number] = (found.get("d") ?? "").split(".").map(Number);
  const [from, to] = (found.get("w") ?? "").split("/").map((text) => parseInstant(text));
  return {
    selected: delivery ? { delivery, number: number || null } : null,
    window: to > from ? { from, to } : null,
    framed: found.get("w") === "evidence",
    query: found.get("q") ?? "",
  };
}

/** What stands for itself is left out: no selection, no filter, the whole run. */
export function writeAddress({ selected, window, query }, run) {
  const text = (at) => isoText(Math.round(at / SECOND) * SECOND);
  const parts = [];
  if (selected) parts.push(`d=${selected.delivery}${selected.number ? `.${selected.number}` : ""}`);
  if (window.from > run.from || window.to < run.to) parts.push(`w=${text(window.from)}/${text(window.to)}`);
  if (query) parts.push(`q=${readable(encodeURIComponent(query))}`);
  return `#${parts.join("&")}`;
}

const readable = (encoded) => encoded.replaceAll("%3A", ":").replaceAll("%2C", ",").replaceAll("%20", "+");

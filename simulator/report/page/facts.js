// What a verdict rests on: how to reproduce it, readings in force, subscriptions with revisions, faults.
// In: scene. Out: trees.
import { commandLine, h } from "sim/dom.js";
import { countText, FAMILY_WORDS, hidden, instantText, numberText, realText } from "sim/words.js";

const code = (text) => h("code", null, text);
const long = (text) => h("code", { class: "url" }, text);
const pair = (name, ...value) => [h("dt", null, name), h("dd", null, value)];
const card = (name, ...children) => h("section", { class: "card", "aria-label": name }, h("h2", null, name), children);

export function factsTrees(scene) {
  return [
    card("Reproduce", reproduce(scene)),
    card("Readings in force", readings(scene.facts.readings ?? {})),
    scene.faults.length > 0 && card("Faults", h("dl", null, scene.faults.map((one) => fault(scene, one)))),
    card("Subscriptions", scene.subscriptions.map(subscription)),
  ];
}

function reproduce(scene) {
  const { command, seed, digest, receiver, provider, version, totals } = scene.facts;
  return [
    command && commandLine(command),
    h("dl", null,
      pair("Seed", code(String(seed))),
      pair("Digest", long(digest)),
      receiver && pair("Receiver", long(receiver)),
      pair("Provider", provider),
      pair("Simulator", version),
      pair("Events", `${numberText(totals.events)}; ${countText(totals.filtered, "delivery")} filtered out`),
      attempts(scene.deliveries.flatMap((one) => one.attempts))),
  ];
}

/** Attempts by family, and real latencies: the one place where real time is summed up. */
function attempts(all) {
  const counts = new Map();
  for (const { family } of all) counts.set(family, (counts.get(family) ?? 0) + 1);
  const times = all.map(({ record }) => record.real_ms).sort((a, b) => a - b);
  const at = (share) => realText(times[Math.min(times.length - 1, Math.floor(times.length * share))]);
  const families = [...counts].map(([family, count]) => `${numberText(count)} ${FAMILY_WORDS[family]}`);
  return all.length > 0 && [
    pair("Attempts", `${numberText(all.length)}: ${families.join(", ")}`),
    pair("Latency", `median ${at(0.5)}, 95 of 100 within ${at(0.95)}, longest ${at(1)}`),
  ];
}

const readings = (all) => [
  h("p", { class: "aside" }, "Where the provider's guide is silent, the verdict was reached under these answers."),
  h("dl", null, Object.entries(all).map(([name, value]) => pair(code(name), code(String(value))))),
];

function subscription({ name, record, revisions }) {
  const { auth = [], filters = [] } = record;
  const revised = revisions.map((one) => h("li", null, `${one.number} · ${instantText(one.at)} · ${one.change}`));
  const state = record.enabled ? "enabled" : record.disabled_reason || "disabled";
  return h("article", null,
    h("h3", null, name, h("span", { class: "aside" }, ` ${state}`)),
    h("dl", null,
      pair("Wants", `${record.event} of tenant ${record.tenant_id}`),
      pair("Template", long(record.url_template)),
      pair("Authenticates", auth.length ? auth.map(hidden).join(", ") : "not at all"),
      filters.map(([attribute, values]) => pair(`Filter ${attribute}`, values.join(", "))),
      pair("Attempts", `${numberText(record.attempts)}, of which ${numberText(record.failures)} failed`),
      revised.length > 1 && pair("Revisions", h("ul", null, revised))));
}

function fault({ subscriptions }, { record, from, label, subscriptionId }) {
  const whom = subscriptions.find((one) => one.id === subscriptionId)?.name ?? "every subscription";
  return pair(code(record.id), `${label} from ${instantText(from)}, on ${whom}`);
}

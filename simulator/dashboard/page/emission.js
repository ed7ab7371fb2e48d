// What somebody is about to make occur: an event or a story, once or many times. Pure: drafts, bodies, commands, words.
// In: the catalogue, a draft (what was typed), subscriptions. Out: the body of a request and the command that does it.
import { countText, instantText, parseInstant, quoted } from "sim/words.js";

/** `own` holds what a person typed, `sample` what the simulator would fill in; `count` and `every` are text. */
export const BLANK = {
  kind: "event", name: "", tenant: "demo", own: {}, sample: {}, turn: 0, count: "1", every: "", lenient: false,
  further: { name: "", value: "" },
};

export const choices = ({ events, stories }) => [
  ...events.map((one) => ({ kind: "event", name: one.event, about: one.note, record: one })),
  ...stories.map((one) => ({ kind: "story", name: one.story, about: one.summary, record: one })),
];

/** Every word that was typed stands somewhere in the name or what is said of it. */
export function searched(all, text) {
  const words = text.toLowerCase().split(/[\s_]+/).filter(Boolean);
  return all.filter(({ kind, name, about }) => {
    const said = `${kind} ${name} ${about ?? ""}`.toLowerCase();
    return words.every((word) => said.includes(word));
  });
}

export const isBurst = ({ count }) => count.trim() !== "1";

/** A single event is sent as it is shown; in a burst, and in a story, only what somebody typed is fixed. */
function attributesOf(draft) {
  const typed = Object.entries(draft.own).filter(([, value]) => draft.kind === "event" || value !== "");
  const own = Object.fromEntries(typed);
  const given = draft.kind === "story" || isBurst(draft) ? own : { ...draft.sample, ...own };
  const { name, value } = draft.further;
  return draft.kind === "event" && draft.lenient && name ? { ...given, [name]: value } : given;
}

export function bodyOf(draft) {
  const { kind, name, tenant, count, every, lenient } = draft;
  const attributes = attributesOf(draft);
  return {
    [kind]: name,
    tenant,
    ...(Object.keys(attributes).length ? { attributes } : {}),
    ...(isBurst(draft) ? { count: numberOf(count) } : {}),
    ...(isBurst(draft) && every.trim() ? { every: every.trim() } : {}),
    ...(lenient && kind === "event" ? { lenient } : {}),
  };
}

/** What is no number is sent as it is: the server says what is allowed. */
const numberOf = (text) => (/^\s*-?\d+\s*$/.test(text) ? Number(text) : text);

// ---- the command that does the same

const quote = (text) => (/^[\w@%+=:,./-]+$/.test(text) ? text : quoted(text));

/** The command line knows single events; stories and bursts go by curl. */
export function commandOf(draft, server) {
  const body = bodyOf(draft);
  if (draft.kind === "story" || isBurst(draft)) {
    const content = `-H 'Content-Type: application/json' -d ${quote(JSON.stringify(body))}`;
    return `curl -X POST ${server}/simulator/events ${content}`;
  }
  const given = Object.entries(body.attributes ?? {}).map(([name, value]) => quote(`${name}=${value}`));
  const tenant = body.tenant === BLANK.tenant ? [] : ["--tenant", quote(body.tenant)];
  const lenient = body.lenient ? ["--lenient"] : [];
  return ["aurora-sim emit", quote(body.event), ...given, ...tenant, ...lenient, `--server ${server}`].join(" ");
}

// ---- words

const NAMED = 4; // subscriptions

/** What will come of it, as far as the subscriptions tell. */
export function planText(draft, subscriptions) {
  if (draft.kind === "story") return "Its events occur in their virtual time, one after the other.";
  const wanting = subscriptions.filter((one) => !one.deleted_at && one.event.split(", ").includes(draft.name));
  const here = wanting.filter((one) => one.tenant_id === draft.tenant && !one.application_id);
  if (!here.length) return `${elsewhere(draft, wanting)} It will fire nothing, and say why.`;
  const groups = { wanted: [], refused: [], undecided: [], disabled: [] };
  for (const one of here) groups[fateOf(one, draft)].push(one);
  const told = {
    wanted: (some) => `Wanted by ${names(some)}.`,
    refused: (some) => `Filtered out by ${names(some)}: ${refusingText(some[0], draft)}.`,
    undecided: (some) => `Wanted by ${names(some)}, where a filter decides.`,
    disabled: (some) => `Missed by ${names(some)}: disabled.`,
  };
  const fates = Object.keys(groups).filter((fate) => groups[fate].length);
  return fates.map((fate) => told[fate](groups[fate])).join(" ");
}

/** Filters are asked first, as the sender does; what is drawn anew for each event cannot be foreseen. */
function fateOf(one, draft) {
  const given = attributesOf(draft);
  if (refusing(one, given)) return "refused";
  if (!one.enabled) return "disabled";
  return one.filters.every(([name]) => name in given) ? "wanted" : "undecided";
}

const refusing = ({ filters }, given) =>
  filters.find(([name, values]) => name in given && !values.includes(given[name]));

function refusingText(one, draft) {
  const [name, values] = refusing(one, attributesOf(draft));
  return `${name} must be ${values.join(" or ")}`;
}

function names(some) {
  const all = some.map((one) => one.name || one.id);
  return all.length > NAMED ? `${all.slice(0, NAMED).join(", ")} and ${all.length - NAMED} more` : all.join(", ");
}

function elsewhere({ name, tenant }, wanting) {
  if (!wanting.length) return `No subscription wants ${name}.`;
  return `No subscription of the tenant ${tenant} wants it, but ${names(wanting)} elsewhere.`;
}

/** What the server accepted. */
export function acceptedText({ accepted, events }) {
  const [first, last] = [events.at(0), events.at(-1)].map((one) => one?.occurs_at);
  const until = last > first ? `, the last one for ${instantText(parseInstant(last))}` : "";
  return `${countText(accepted, "event")} accepted${until}`;
}

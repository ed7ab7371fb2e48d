// A definition between a form and the provider's own words. In: the catalogue's fields, a record, what was typed.
// Out: values. Which provider it is stands nowhere: each field says by its `type` what it takes.
import { countText, quoted } from "sim/words.js";

const RECEIVER = "{receiver}";
const NOBODY = "http://127.0.0.1:8000"; // where there is no other subscription to take a base from

const bare = (parameter) => parameter.replace(/^<(.*)>$/, "$1");

/** What the catalogue suggests for an event, on this receiver. */
export function suggestion(catalogue, event, base) {
  const suggested = kindOf(catalogue, event)?.suggested ?? {};
  const onBase = (value) => (typeof value === "string" ? value.replace(RECEIVER, () => base) : value);
  return Object.fromEntries(Object.entries(suggested).map(([name, value]) => [name, onBase(value)]));
}

export const kindOf = (catalogue, event) => catalogue.events.find((one) => one.event === event);

/** Where the receiver of these subscriptions is: what stands before the suggested path of the newest that has it. */
export function baseOf(catalogue, all) {
  const present = all.filter((one) => !one.deleted_at);
  const records = present.length ? present : all;
  for (const record of records.toReversed()) {
    const suggested = kindOf(catalogue, record.event.split(", ")[0])?.suggested ?? {};
    const pattern = Object.values(suggested).find((value) => typeof value === "string" && value.startsWith(RECEIVER));
    const tail = pattern?.slice(RECEIVER.length);
    if (tail !== undefined && record.url_template.endsWith(tail)) {
      return record.url_template.slice(0, record.url_template.length - tail.length);
    }
  }
  const other = records.at(-1)?.url_template;
  return (other && URL.canParse(other) && new URL(other).origin) || NOBODY;
}

/** The command that makes the first one. */
export function subscribeCommand(catalogue, records) {
  const definition = suggestion(catalogue, catalogue.events[0].event, baseOf(catalogue, records));
  const body = JSON.stringify({ tenant: "demo", definition });
  return `curl -X POST ${location.origin}/simulator/subscriptions -d ${quoted(body)}`;
}

/** Whose it is. */
export const ownerText = (record) =>
  (record.application_id ? `application ${record.application_id}` : `tenant ${record.tenant_id}`);

/** How many of its deliveries wait for another attempt. */
export const pendingOf = (scene, id) =>
  scene.deliveries.filter((one) => one.state === "pending" && one.record.subscription_id === id).length;

export const pendingText = (count) => countText(count, "delivery").replace(" ", " pending ");

// ---- from words to what a form holds, and back

/** What the fields hold when the form opens: texts, lists of events, filters by attribute, rows of headers. */
export function valuesOf(fields, words) {
  const read = {
    filters: (value = []) => Object.fromEntries(value.map((one) => [bare(one.url_parameter), one.value])),
    headers: (value = {}) => Object.keys(value).map((name) => ({ name, value: "", known: true })),
    events: (value = []) => value,
    secret: () => "",
  };
  const value = ({ name, type }) => (read[type] ? read[type](words[name]) : words[name] ?? "");
  return Object.fromEntries(fields.map((field) => [field.name, value(field)]));
}

const SPOKEN = {
  filters: (value) => Object.entries(value).filter(([, values]) => values.length)
    .map(([attribute, values]) => ({ url_parameter: `<${attribute}>`, value: values })),
  headers: (rows) => Object.fromEntries(rows.filter((row) => row.name || row.value)
    .map((row) => [row.name, row.known && !row.value ? null : row.value])),
};

const spoken = ({ type }, value) => (SPOKEN[type] ? SPOKEN[type](value) : value);
const empty = (value) => value === "" || (typeof value === "object" && !Object.keys(value).length);
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

/** A new definition: what is empty is left out. */
export function wordsOf(fields, values) {
  const said = fields.filter(asked).map((field) => [field.name, spoken(field, values[field.name])]);
  return Object.fromEntries(said.filter(([, value]) => !empty(value)));
}

/** What differs from how the form was filled in. A secret that was not typed stays; a group that was emptied goes. */
export function changesOf(fields, values, filled) {
  const before = valuesOf(fields, filled);
  const changes = {};
  for (const field of fields.filter(asked)) {
    const [was, is] = [spoken(field, before[field.name]), spoken(field, values[field.name])];
    if (!same(was, is)) changes[field.name] = is;
    else if (field.type === "secret" && filled[field.name] && emptied(fields, values, filled, field.group)) {
      changes[field.name] = "";
    }
  }
  return changes;
}

/** Whether a group had open fields and has none any more: then its secrets go as well. */
function emptied(fields, values, filled, group) {
  const open = fields.filter((one) => group && one.group === group && one.type !== "secret");
  return open.some((one) => filled[one.name]) && open.every((one) => !values[one.name]);
}

/** A switch is a button of its own, no field of the form. */
export const asked = ({ type }) => type !== "switch";

/** The field that a problem is about, null where the form has none: `definition.filters[0].value` is about filters. */
export function fieldOf(fields, path = "") {
  const name = /^(?:definition\.)?([^.[]+)/.exec(path)?.[1];
  if (["tenant", "name"].includes(path)) return path;
  return path.startsWith("definition.") && fields.some((one) => one.name === name && asked(one)) ? name : null;
}

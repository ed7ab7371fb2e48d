// The fields of the dialog in which an event is emitted. Pure: draft, catalogue record, problems in; trees out.
// Each field carries `data-field`, the server's own name for it, so that what it refuses stands beside it.
import { h } from "sim/dom.js";
import { isBurst } from "sim/emission.js";

let ids = 0;
const idOf = new Map();
const identity = (field) => idOf.get(field) ?? idOf.set(field, `emit-${(ids += 1)}`).get(field);

/** A label, its control, what is wrong with it. `control` is given the attributes that tie the three together. */
export function field(name, label, problems, control, aside) {
  const id = identity(name);
  const wrong = problems.filter((one) => one.field === name).map((one) => one.message);
  const ties = {
    id, "data-field": name, "aria-invalid": wrong.length ? "true" : null,
    "aria-describedby": wrong.length ? `${id}-wrong` : null,
  };
  return h("div", { class: "field" },
    h("label", { for: id }, label, aside && h("span", { class: "aside" }, ` ${aside}`)),
    control(ties),
    h("p", { class: "wrong", id: `${id}-wrong`, hidden: !wrong.length }, wrong.join("; ")));
}

/** Text whose value is put into the control by the element after each drawing. */
export const text = (ties, oninput, more) =>
  h("input", { type: "text", spellcheck: "false", autocomplete: "off", oninput, ...ties, ...more });

const select = (ties, options, chosen, onchange) =>
  h("select", { onchange, ...ties }, options.map(([value, label]) =>
    h("option", { value, selected: value === chosen }, label ?? value)));

/** Every attribute of an event, or everything a story takes. */
export function attributeFields({ draft, record, problems, edit }) {
  const values = draft.kind === "event" ? record.values : record.takes;
  const known = draft.kind === "event" ? record.attributes : Object.keys(record.takes);
  const all = { draft, record, problems, edit };
  return known.map((name) => attributeField(name, values[name], all));
}

function attributeField(name, allowed, { draft, record, problems, edit }) {
  const drawn = !(name in draft.own) && (isBurst(draft) || draft.kind === "story");
  const aside = drawn && (draft.kind === "story" ? "" : "drawn anew for each");
  const change = (event) => edit(name, event.target.value);
  const listed = record.listed?.includes(name);
  const strict = allowed && !listed && !draft.lenient;
  const control = (ties) => {
    if (strict) return chosenField(ties, allowed, draft, name, change);
    const hint = draft.kind === "story" ? "drawn by the simulator" : "empty text";
    const list = allowed ? `${ties.id}-list` : null;
    return h("span", { class: drawn ? "with-list drawn" : "with-list" },
      text(ties, change, { placeholder: hint, list }),
      allowed && h("datalist", { id: list }, allowed.map((value) => h("option", { value }))));
  };
  const hints = [aside, listed && "one or more, with commas"].filter(Boolean).join(", ");
  return field(`attributes.${name}`, h("code", null, name), problems, control, hints);
}

function chosenField(ties, allowed, draft, name, change) {
  const open = draft.kind === "story" ? [["", "drawn by the simulator"]] : [];
  const chosen = draft.own[name] ?? (draft.kind === "event" ? draft.sample[name] : "");
  return select(ties, [...open, ...allowed.map((value) => [value])], chosen, change);
}

/** An attribute that no catalogue has: only where the unfamiliar is let through. */
export const furtherFields = ({ draft, problems, further }) => h("div", { class: "pair" },
  field("further.name", "Further attribute", problems, (ties) =>
    text(ties, (event) => further({ name: event.target.value }), { placeholder: "NAME" })),
  field(`attributes.${draft.further.name}`, "Its value", draft.further.name ? problems : [], (ties) =>
    text({ ...ties, "data-field": "further.value" }, (event) => further({ value: event.target.value }))));

/** What every field shows, by `data-field`: controls are filled from the draft, never the other way round. */
export function shownValues(draft) {
  const shown = { ...(draft.kind === "event" ? draft.sample : {}), ...draft.own };
  return {
    ...Object.fromEntries(Object.entries(shown).map(([name, value]) => [`attributes.${name}`, value])),
    "further.name": draft.further.name, "further.value": draft.further.value,
    tenant: draft.tenant, count: draft.count, every: draft.every,
  };
}

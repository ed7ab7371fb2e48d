// The inputs of a definition, one way for each type of field. In: a field, its value, `set` for a new one. Out: trees.
// `data-value` is what an input shall show; whoever draws the trees puts it in, since typing outruns attributes.
import { button, h } from "sim/dom.js";

/** `of`: {values, filled, event, set(name, value), problems(name)}; the label, the input, what is wrong with it. */
export function fieldTree(field, of) {
  const wrong = of.problems(field.name);
  const about = [wrong.length && `problem-${field.name}`, field.hint && `hint-${field.name}`].filter(Boolean).join(" ");
  const attrs = {
    id: `field-${field.name}`, "aria-invalid": wrong.length ? "true" : null, "aria-describedby": about || null,
    "aria-required": field.required ? "true" : null,
  };
  const many = ["filters", "events", "headers"].includes(field.type);
  const label = h(many ? "span" : "label", many ? { id: `label-${field.name}` } : { for: attrs.id }, field.label);
  return h("div", { class: `field of-${field.type}`, "data-field": field.name },
    label,
    INPUTS[field.type](field, of, attrs),
    field.hint && h("span", { class: "aside", id: `hint-${field.name}` }, field.hint),
    problemTree(field.name, wrong));
}

export const problemTree = (name, wrong) =>
  wrong.length > 0 && h("span", { class: "problem", id: `problem-${name}` }, wrong.join("; "));

const PLAIN = { autocomplete: "off", spellcheck: "false" };
const HIDDEN = { class: "hidden-text", placeholder: "unchanged" };

const line = (field, of, attrs, more) => h("input", {
  ...attrs, ...PLAIN, type: "text", "data-value": of.values[field.name],
  oninput: ({ target }) => of.set(field.name, target.value), ...more,
});

const INPUTS = {
  text: line,

  /** It may be long and is read as a whole: it wraps, and takes no line break. */
  url: (field, of, attrs) => h("textarea", {
    ...attrs, ...PLAIN, rows: field.placeholders ? 3 : 1, class: "url", "data-value": of.values[field.name],
    oninput: ({ target }) => of.set(field.name, target.value.replaceAll(/[\r\n]/g, "")),
  }),

  /** What is there already is never shown; typing replaces it. No password of a person: no browser keeps it. */
  secret: (field, of, attrs) =>
    line(field, of, attrs, { ...HIDDEN, ...(of.filled[field.name] ? {} : { placeholder: null }) }),

  event: (field, of, attrs) => h("select", {
    ...attrs, "data-value": of.values[field.name], onchange: ({ target }) => of.set(field.name, target.value),
  }, field.choices.map((name) => h("option", { value: name }, name))),

  events: (field, of, attrs) => h("div", { ...attrs, ...group(field), class: "choices" },
    choices(field.choices, of.values[field.name], (chosen) => of.set(field.name, chosen))),

  filters: (field, of, attrs) => h("div", { ...attrs, class: "filters" }, filters(field, of)),

  headers: (field, of, attrs) => h("div", { ...attrs, ...group(field), class: "headers" },
    of.values[field.name].map((row, index) => header(field, of, row, index)),
    button("Add a header", () => of.set(field.name, [...of.values[field.name], NO_HEADER]))),
};

const NO_HEADER = { name: "", value: "", known: false };
const group = ({ name }) => ({ role: "group", "aria-labelledby": `label-${name}` });

/** A box for each; `set` is told all that are chosen, in the order in which they stand here. */
const choices = (all, chosen, set) => all.map((text) => h("label", { class: "choice" },
  h("input", {
    type: "checkbox", "data-checked": String(chosen.includes(text)),
    onchange: ({ target }) => set(all.filter((one) => (one === text ? target.checked : chosen.includes(one)))),
  }), text));

/** For each attribute that the event can be filtered by: its values to choose from, or room for any. */
function filters(field, of) {
  const known = Object.entries(of.event?.filters ?? {});
  if (!known.length) return h("p", { class: "aside" }, "This event has no filters.");
  return known.map(([attribute, values]) => {
    const chosen = of.values[field.name][attribute] ?? [];
    const set = (wanted) => of.set(field.name, { ...of.values[field.name], [attribute]: wanted });
    const legend = h("legend", null, attribute, h("span", { class: "aside" }, chosen.length ? "" : " any"));
    if (!values) return h("fieldset", null, legend, anyValues(attribute, chosen, set));
    return h("fieldset", null, legend, h("div", { class: "choices" }, choices(values, chosen, set)));
  });
}

const anyValues = (attribute, chosen, set) => h("textarea", {
  ...PLAIN, rows: 2, "aria-label": `${attribute}, one value a line`, placeholder: "one value a line",
  "data-value": chosen.join("\n"), oninput: ({ target }) => set(target.value.split("\n").filter(Boolean)),
});

function header(field, of, row, index) {
  const rows = of.values[field.name];
  const set = (part) => of.set(field.name, rows.map((one, at) => (at === index ? { ...one, ...part } : one)));
  const input = (label, name, more) => h("input", {
    ...PLAIN, type: "text", "aria-label": `${label} of header ${index + 1}`, placeholder: label,
    "data-value": row[name], oninput: ({ target }) => set({ [name]: target.value }), ...more,
  });
  return h("div", { class: "header-row" },
    input("Name", "name", { readonly: row.known }),
    input("Value", "value", { ...HIDDEN, ...(row.known ? {} : { placeholder: "Value" }) }),
    button("Remove", () => of.set(field.name, rows.filter((_, at) => at !== index)), {
      "aria-label": `Remove header ${row.name || index + 1}`,
    }));
}

/** A URL, or its template, in which the values of an event stand out. */
export const filled = (pieces) => pieces.map(({ text, name }) => (name ? h("var", null, text) : text));

/** What is typed has the last word; everything else shows what the form holds. */
export function showValues(root) {
  for (const one of root.querySelectorAll("[data-value]")) {
    const wanted = one.dataset.value;
    const typing = document.activeElement === one && one.tagName === "TEXTAREA" && one.value.trim() === wanted.trim();
    if (one.value !== wanted && !typing) one.value = wanted;
  }
  for (const one of root.querySelectorAll("[data-checked]")) one.checked = one.dataset.checked === "true";
}

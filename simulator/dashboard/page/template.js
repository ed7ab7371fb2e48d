// A URL template, and a URL made of it, as trees in which the changing parts stand out. In: texts. Out: trees.
import { h } from "sim/dom.js";

const PLACEHOLDER = /(<\w+>)/;

/** The template with every `<NAME>` marked. */
export const placeholders = (source) =>
  source.split(PLACEHOLDER).map((part) => (PLACEHOLDER.test(part) ? h("var", null, part) : part));

/** The URL with every value marked that stands for a `<NAME>`; plain where the template does not tell them apart. */
export function filledIn(source, url) {
  const statics = source.split(/<\w+>/);
  const parts = [];
  let at = statics[0].length;
  if (!url.startsWith(statics[0])) return [url];
  parts.push(statics[0]);
  for (const [index, text] of statics.slice(1).entries()) {
    const last = index === statics.length - 2;
    const end = last && !text ? url.length : text ? url.indexOf(text, at) : -1;
    if (end < 0) return [url];
    parts.push(h("var", null, url.slice(at, end)), text);
    at = end + text.length;
  }
  return at === url.length ? parts : [url];
}

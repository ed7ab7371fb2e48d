// Which parts of what was sent are values of the event: a URL beside its template, a body beside the attributes.
// In: texts, attributes. Out: pieces {text, name?}, in order; together they are the text. What does not fit is plain.

const PLACEHOLDER = /<([A-Za-z0-9_]+)>/;
const TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?|-?\d[\d.eE+-]*/g;

const quoted = (text) => text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");

/** As the sender writes a value into a URL: only unreserved characters stay bare (E6). */
const encoded = (value) =>
  encodeURIComponent(value).replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);

/** However the provider is read: a space as %20 or +, a comma as %2C or bare. */
function spellings(value) {
  const text = encoded(value);
  const spaced = [text, text.replaceAll("%20", "+")];
  return [...new Set(spaced.flatMap((one) => [one, one.replaceAll("%2C", ",")]))];
}

/** The template itself, its placeholders named. */
export function templatePieces(template) {
  const split = template.split(PLACEHOLDER);
  const named = (text) => ({ text: `<${text}>`, name: text });
  return split.map((text, place) => (place % 2 ? named(text) : { text })).filter(({ text }) => text);
}

/** The URL, where the template says that a value stands. */
export function urlPieces(template, url, attributes) {
  const split = (template ?? "").split(PLACEHOLDER);
  if (split.length < 3) return [{ text: url }];
  const one = (name) => (name in attributes ? spellings(attributes[name]).map(quoted).join("|") : "[^/?#&]*?");
  const pattern = split.map((text, place) => (place % 2 ? `(${one(text)})` : `(${quoted(text)})`)).join("");
  const found = new RegExp(`^${pattern}$`).exec(url)?.slice(1);
  if (!found) return [{ text: url }];
  const pieces = found.map((text, place) => (place % 2 ? { text, name: split[place] } : { text }));
  return pieces.filter(({ text }) => text);
}

/** A JSON body in lines, where a string or a number is an attribute's value; any other body as it is. */
export function bodyPieces(body, attributes) {
  const lines = laidOut(body);
  if (lines === null) return [{ text: body }];
  const given = Object.entries(attributes).filter(([, value]) => value);
  const names = new Map(given.map(([name, value]) => [value, name]));
  const pieces = [];
  let end = 0;
  for (const { 0: token, 1: string, 2: colon, index } of lines.matchAll(TOKEN)) {
    const name = colon ? undefined : names.get(string ? JSON.parse(string) : token);
    if (!name) continue;
    pieces.push({ text: lines.slice(end, index) }, { text: token, name });
    end = index + token.length;
  }
  return [...pieces, { text: lines.slice(end) }].filter(({ text }) => text);
}

function laidOut(body) {
  try { return JSON.stringify(JSON.parse(body), null, 2); } catch { return null; }
}

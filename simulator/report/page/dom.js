// Trees of plain values become nodes. The only file that makes elements; text enters as text nodes, never as markup.

const SVG = "http://www.w3.org/2000/svg";
const drawn = Symbol("the tree as last drawn");

/** A node as a value: tag, attributes, children (trees, text, or nothing). */
export function h(tag, attrs, ...children) {
  return { tag, attrs: attrs ?? {}, children: children.flat(Infinity).filter((one) => one || one === 0) };
}

/** Makes the children of `parent` what the trees say, keeping nodes (and with them focus) where tags agree. */
export function patch(parent, ...trees) {
  const wanted = trees.flat(Infinity).filter((one) => one || one === 0);
  wanted.forEach((tree, index) => {
    const node = parent.childNodes[index];
    const fits = node && (tree.tag ? node.localName === tree.tag : node.nodeType === Node.TEXT_NODE);
    const made = fits ? node : make(parent, tree);
    if (!fits) node ? node.replaceWith(made) : parent.append(made);
    if (tree.tag) fill(made, tree);
    else if (made.data !== String(tree)) made.data = String(tree);
  });
  while (parent.childNodes.length > wanted.length) parent.lastChild.remove();
}

function make(parent, tree) {
  if (!tree.tag) return document.createTextNode(String(tree));
  const svg = tree.tag === "svg" || parent.namespaceURI === SVG;
  return svg ? document.createElementNS(SVG, tree.tag) : document.createElement(tree.tag);
}

function fill(node, tree) {
  if (node[drawn] === tree) return; // the very same value: nothing below it can differ
  const { attrs, children } = tree;
  const before = node[drawn]?.attrs ?? {};
  for (const name of Object.keys(before)) if (!(name in attrs)) set(node, name, null);
  for (const [name, value] of Object.entries(attrs)) if (before[name] !== value) set(node, name, value);
  node[drawn] = tree;
  patch(node, children);
}

function set(node, name, value) {
  if (name.startsWith("on")) node[name] = value;
  else if (name === "style") for (const [key, text] of Object.entries(value ?? {})) node.style.setProperty(key, text);
  else if (value === null || value === undefined || value === false) node.removeAttribute(name);
  else node.setAttribute(name, value === true ? "" : value);
}

/** A custom element: properties in by `change`, events out by `tell`, one rendering a frame at most. */
export class Part extends HTMLElement {
  props = {};
  #frame = 0;

  change(props) {
    Object.assign(this.props, props);
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.render();
    });
  }

  tell(name, detail) {
    this.dispatchEvent(new CustomEvent(`sim-${name}`, { bubbles: true, detail }));
  }
}

/** A button that acts, and sends no form. */
export const button = (text, onclick, attrs) => h("button", { type: "button", onclick, ...attrs }, text);

/** Once what was just asked for is drawn: elements render in the next frame, and are laid out after it. */
export const afterDrawing = (act) => requestAnimationFrame(() => requestAnimationFrame(act));

/** A button that copies a text and says that it did. */
export function copyButton(text, label) {
  const copy = async ({ currentTarget: button }) => {
    const done = Promise.resolve().then(() => navigator.clipboard.writeText(text));
    patch(button, await done.then(() => "Copied", () => "Copy is not allowed here"));
    setTimeout(() => patch(button, label), 2000);
  };
  return button(label, copy, { class: "copy" });
}

/** A command to read and to take along. */
export const commandLine = (text) => h("p", { class: "command" }, h("code", null, text), copyButton(text, "Copy"));

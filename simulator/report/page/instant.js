// An instant as an element: as people read it, with ISO 8601 for whoever points at it or copies it.
// In: virtual microseconds. Out: a tree.
import { h } from "sim/dom.js";
import { instantText, isoText } from "sim/words.js";

export const instant = (at, text = instantText(at)) => h("time", { datetime: isoText(at), title: isoText(at) }, text);

// Keys: one table that both acts and is shown by `?`, so that help and behaviour cannot differ.
// In: bindings {keys, shown, name, run}. Out: calls of `run`. Never in a text field, never with Ctrl, ⌘ or Alt.
import { h, patch } from "sim/dom.js";
import { remember, remembered } from "sim/preferences.js";

const STORED = "sim-single-keys";
const pressable = (target) => target.closest?.("button, a, summary") ?? null;
// What had the focus in a dialog that was just closed may have it until the page is drawn again.
const typing = (target) => target.closest?.("input, textarea, select, [contenteditable]")
  && !target.closest("dialog:not([open])");

export class Keys {
  #bindings;
  #dialog = document.createElement("dialog");
  #clicked = null; // the button that the pointer left the focus on
  #taken = false; // the key that is down was one of ours
  waiting = false; // for something that will have keys of its own

  constructor(bindings) {
    this.#bindings = [...bindings, { keys: ["?"], shown: "?", name: "these keys", run: () => this.help() }];
    this.on = remembered(STORED) !== "off";
    this.#dialog.className = "keys";
    this.#dialog.setAttribute("aria-label", "Keys");
    document.body.append(this.#dialog);
    addEventListener("pointerdown", ({ target }) => { this.#clicked = pressable(target); });
    addEventListener("focusout", ({ target }) => { if (target === this.#clicked) this.#clicked = null; });
    addEventListener("keydown", (event) => { this.#taken = this.#press(event) === true; });
    addEventListener("keyup", (event) => { if (event.key === " " && this.#taken) event.preventDefault(); });
  }

  #press(event) {
    if (this.waiting || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (document.querySelector("dialog:modal")) return; // whatever is open has keys of its own, Esc above all
    if (typing(event.target) && event.key !== "Escape") return;
    const binding = this.#bindings.find((one) => one.keys?.includes(event.key));
    if (!binding || (!this.on && event.key.length === 1)) return;
    if (this.#isMeant(event)) return;
    event.preventDefault();
    binding.run(event);
    return true;
  }

  /** Whether the key presses what has the focus: of Space, only where keys led there. A click is over when it is. */
  #isMeant({ key, target }) {
    const button = ["Enter", " "].includes(key) && pressable(target);
    return Boolean(button) && (key === "Enter" || button !== this.#clicked);
  }

  help() {
    const flip = ({ target }) => {
      this.on = target.checked;
      remember(STORED, this.on ? "on" : "off");
    };
    const keys = (shown) => shown.split(" ").map((key) => h("kbd", null, key));
    patch(this.#dialog,
      h("h2", null, "Keys"),
      h("dl", null, this.#bindings.map(({ shown, name }) => [h("dt", null, keys(shown)), h("dd", null, name)])),
      h("label", null, h("input", { type: "checkbox", checked: this.on, onchange: flip }), "Single keys act"),
      h("form", { method: "dialog" }, h("button", null, "Close")));
    this.#dialog.showModal();
  }
}

/** What both pages can do with their picture. */
export const pictureKeys = (timeline) => [
  { shown: "← →", name: "previous, next attempt (in the timeline)" },
  { shown: "↑ ↓", name: "ladder above, below (in the timeline); row (in the list)" },
  { shown: "Shift+← Shift+→", name: "earlier, later (in the timeline)" },
  { keys: ["+", "="], shown: "+", name: "zoom in", run: () => timeline.move("in") },
  { keys: ["-", "–"], shown: "–", name: "zoom out", run: () => timeline.move("out") },
  { keys: ["0"], shown: "0", name: "whole run", run: () => timeline.move("whole") },
  { keys: ["f"], shown: "f", name: "frame the selection", run: () => timeline.move("frame") },
];

/** And with their list and what it opens. */
export const listKeys = ({ list, open, close, filter }) => [
  { keys: ["j"], shown: "j", name: "next delivery of the list", run: () => list.step(1) },
  { keys: ["k"], shown: "k", name: "previous delivery of the list", run: () => list.step(-1) },
  { keys: ["Enter"], shown: "Enter", name: "inspector", run: open },
  { keys: ["Escape"], shown: "Esc", name: "back", run: close },
  { keys: ["/"], shown: "/", name: "filter", run: filter },
];

// Takes the session along: as a scenario that repeats it, and as a report. Plain links; nothing is read before.
// In: nothing. Out: a button, and a menu of downloads with the commands that do the same.
import { commandLine, h, Part, patch } from "sim/dom.js";

const GAP = 4; // px between button and menu

const KINDS = [
  {
    name: "Scenario file (.yaml)", path: "/simulator/session", file: null,
    words: "Brings about the same when it is run: a regression test.",
  },
  {
    name: "Report (.html)", path: "/simulator/report?format=html", file: "report.html",
    words: "The picture and every attempt, in one file that opens from disk.",
  },
  { name: "Report (.json)", path: "/simulator/report", file: "report.json", words: "The same as data." },
];

class Keep extends Part {
  /** Around the button which asked for it. */
  connectedCallback() {
    patch(this,
      h("button", {
        type: "button", popovertarget: "keep-menu", "aria-haspopup": "dialog", title: "Take this session along",
      }, "Keep"),
      h("div", { id: "keep-menu", popover: "auto", role: "dialog", "aria-label": "Keep this session",
        ontoggle: (event) => this.#place(event), onkeydown: (event) => this.#leave(event) },
        h("h2", null, "Keep this session"),
        h("ul", null, KINDS.map(entry)),
        h("p", { class: "aside" }, "Secrets are in none of them. What a file cannot hold, it says in its head.")));
    [this.button, this.menu] = this.children;
  }

  /** It shows nothing that changes. */
  render() {}

  open() {
    this.menu.showPopover();
  }

  /** The page has an Escape of its own, which would come first. */
  #leave(event) {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    this.menu.hidePopover();
    this.button.focus();
  }

  /** Below its button, and within the page; a click beside it closes it by itself. */
  #place({ newState }) {
    if (newState !== "open") return;
    const { bottom, right } = this.button.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = this.menu;
    const left = Math.max(8, Math.min(right - width, innerWidth - width - 8));
    const top = Math.max(8, Math.min(bottom + GAP, innerHeight - height - 8));
    this.menu.style.setProperty("left", `${left}px`);
    this.menu.style.setProperty("top", `${top}px`);
    this.menu.querySelector("a").focus();
  }
}

function entry({ name, path, file, words }) {
  return h("li", null,
    h("a", { href: path, download: file ?? true }, name),
    h("p", null, words),
    commandLine(commandOf(path, file)));
}

/** The server names the scenario file itself. */
function commandOf(path, file) {
  return `curl -fsS ${file ? `-o ${file}` : "-OJ"} '${location.origin}${path}'`;
}

customElements.define("sim-keep", Keep);

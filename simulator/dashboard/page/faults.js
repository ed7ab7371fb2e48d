// What is done to the wire on purpose: a button a fault, pressed while it acts. In: scene, now. Out: calls of the API.
import { del, post, problemText } from "sim/api.js";
import { button, h, Part, patch } from "sim/dom.js";
import { KINDS, lengthText, nameOf, scopeText } from "sim/faultkinds.js";
import { instant } from "sim/instant.js";
import { acting, acts } from "sim/scene.js";
import { countText, numberText } from "sim/words.js";

const PATH = "/simulator/faults";
// What is no number goes as it is: the server says what it must be.
const number = (text, of = 1) => (Number.isNaN(Number(text)) ? text : Number(text) / of);
const numbers = (text) => text.split(/[\s,]+/).map((one) => number(one));
const DETAILS = [
  { name: "for", label: "Length", hint: "6h; empty: until cleared", said: (text) => text },
  {
    name: "probability", label: "Share, %", hint: "100", said: (text) => number(text, 100),
    refused: "must be a number of percent: more than 0, at most 100", // the server speaks of a share of 1
  },
  { name: "attempt", label: "Only attempt", hint: "1; empty: all", said: numbers },
  { name: "status", label: "Status code", hint: "503", said: (text) => number(text) },
  { name: "delay", label: "Delay", hint: "5s", said: (text) => text },
  { name: "period", label: "Period", hint: "1m", said: (text) => text },
];
const LISTED = 100; // of those that ended
const PATIENCE = 1000; // real ms for the stream to tell what was done

class Faults extends Part {
  #scope = ""; // a subscription's id; empty: the whole wire
  #typed = {};
  #problems = [];
  #busy = null; // {kind, on, answered}: until the stream tells that it is so

  render() {
    const { scene, now, tab } = this.props;
    if (tab !== "faults") return; // nobody sees it
    const inside = this.contains(document.activeElement);
    const present = scene.subscriptions.filter((one) => !one.record.deleted_at);
    if (!present.some((one) => one.id === this.#scope)) this.#scope = "";
    const active = acting(scene, now);
    const pressed = new Map(active.filter((one) => this.#inScope(one)).map((one) => [one.record.kind, one]));
    patch(this,
      h("div", { class: "fault-head" },
        h("label", null, "Break ", h("select", { onchange: (event) => this.#aim(event.target.value) },
          h("option", { value: "" }, "the whole wire"),
          present.map((one) => h("option", { value: one.id }, one.name)))),
        h("details", { class: "fault-details" }, h("summary", null, this.#detailsText()),
          h("div", { class: "fault-fields" }, DETAILS.map((one) => this.#field(one))))),
      h("p", { class: "problem", role: "alert", hidden: !this.#loose().length }, this.#loose().join("; ")),
      h("div", { class: "fault-grid", role: "group", "aria-label": `Faults on ${this.#scopeName(present)}` },
        KINDS.map((one) => this.#toggle(one, pressed.has(one.kind)))),
      this.#active(active),
      this.#history(scene.faults.filter((one) => !acts(one, now))));
    const scope = this.querySelector("select");
    scope.value = this.#scope;
    if (inside && !this.contains(document.activeElement)) scope.focus(); // what was cleared took its button with it
    if (this.#busy?.answered && pressed.has(this.#busy.kind) === this.#busy.on) this.#settle();
  }

  #aim(id) {
    this.#scope = id;
    this.#problems = [];
    this.change({});
  }

  #inScope = (fault) => (fault.subscriptionId ?? "") === this.#scope;
  #scopeName = (present) => present.find((one) => one.id === this.#scope)?.name ?? "the whole wire";

  // ---- details

  #detailsText() {
    const given = DETAILS.filter(({ name }) => this.#typed[name]);
    if (!given.length) return "Details: always, on every attempt, until cleared";
    return `Details: ${given.map(({ name, label }) => `${label.toLowerCase()} ${this.#typed[name]}`).join(", ")}`;
  }

  #field({ name, label, hint, refused }) {
    const wrong = this.#problems.filter((one) => fieldOf(one) === name).map((one) => refused ?? one.message);
    const only = KINDS.filter((one) => one.takes === name).map((one) => one.name.toLowerCase()).join(", ");
    return h("label", { class: "field" },
      h("span", null, label, only && h("span", { class: "aside" }, ` ${only}`)),
      h("input", {
        "data-name": name, placeholder: hint, autocomplete: "off", spellcheck: "false",
        "aria-invalid": wrong.length ? "true" : null, "aria-describedby": wrong.length ? `fault-problem-${name}` : null,
        oninput: (event) => this.#type(name, event.target.value),
      }),
      wrong.length > 0 && h("span", { class: "problem", id: `fault-problem-${name}` }, wrong.join("; ")));
  }

  #type(name, text) {
    this.#typed = { ...this.#typed, [name]: text.trim() };
    this.#problems = this.#problems.filter((one) => fieldOf(one) !== name);
    this.change({});
  }

  /** What was refused and belongs to no field. */
  #loose = () => this.#problems.filter((one) => !DETAILS.some(({ name }) => name === fieldOf(one))).map(problemText);

  // ---- on and off

  #toggle({ kind, name, does, takes }, on) {
    const busy = this.#busy?.kind === kind;
    const detail = takes && this.#typed[takes] ? ` (${this.#typed[takes]})` : "";
    const flip = () => !busy && (on ? this.#lift(kind) : this.#inject(kind, takes));
    return button([h("strong", null, name, detail), h("span", null, does)], flip, {
      class: "fault-kind", "aria-pressed": String(on), "aria-busy": busy ? "true" : null,
    });
  }

  #inject(kind, takes) {
    const fits = (name) => name === takes || !KINDS.some((one) => one.takes === name);
    const meant = DETAILS.filter(({ name }) => this.#typed[name] && fits(name));
    const details = Object.fromEntries(meant.map(({ name, said }) => [name, said(this.#typed[name])]));
    const aim = this.#scope ? { subscription: this.#scope } : {};
    return this.#do({ kind, on: true }, post(PATH, { kind, ...aim, ...details }), `${nameOf(kind)} acts from now on`);
  }

  /** Off means every fault of this kind in this scope, and none of another. */
  #lift(kind) {
    const { scene, now } = this.props;
    const meant = acting(scene, now).filter((one) => one.record.kind === kind && this.#inScope(one));
    return this.#do({ kind, on: false }, this.#clear(meant), `${nameOf(kind)} is cleared`);
  }

  #clear = (faults) => Promise.all(faults.map(({ record }) => del(`${PATH}?id=${encodeURIComponent(record.id)}`)));

  async #do(busy, asked, said) {
    this.#busy = busy;
    this.#problems = [];
    this.change({});
    try {
      await asked;
      if (busy) this.#answered(busy);
      this.tell("say", { text: said, tone: "ok" });
    } catch (refusal) {
      this.#busy = null;
      this.#refused(refusal);
    }
    this.change({});
  }

  #settle() {
    this.#busy = null;
    this.change({});
  }

  /** Until the stream tells that it is so; a fault that is over by then is told nowhere, so not for ever. */
  #answered(busy) {
    const answered = { ...busy, answered: true };
    this.#busy = answered;
    setTimeout(() => this.#busy === answered && this.#settle(), PATIENCE);
  }

  /** The field that is wrong comes into view, with the sentence beside it. */
  #refused({ problems }) {
    this.#problems = problems;
    const wrong = DETAILS.find(({ name }) => problems.some((one) => fieldOf(one) === name));
    if (!wrong) return;
    this.querySelector("details").open = true;
    this.querySelector(`[data-name="${wrong.name}"]`).focus();
  }

  // ---- what acts, what acted

  #active(active) {
    const { scene, now } = this.props;
    const clear = (fault) => () => this.#do(null, this.#clear([fault]), `${nameOf(fault.record.kind)} is cleared`);
    const all = () => this.#do(null, del(PATH), "Nothing is broken any more");
    if (!active.length) return h("p", { class: "empty" }, "Nothing is broken: every attempt reaches its receiver.");
    return h("section", { class: "acting", "aria-label": "Faults that act" },
      h("div", { class: "panel-head" },
        h("h2", null, `${countText(active.length, "fault")} ${active.length === 1 ? "acts" : "act"}`),
        button("Clear all", all)),
      h("ul", null, active.map((one) => h("li", null,
        h("p", null, h("strong", null, one.kind), ` on ${scopeText(scene, one)} `,
          h("span", { class: "aside" }, "since ", instant(one.from), ` · ${lengthText(one, now)}${shareText(one)}`)),
        button("Clear", clear(one), { "aria-label": `Clear ${one.kind} on ${scopeText(scene, one)}` })))));
  }

  #history(ended) {
    const { scene } = this.props;
    const shown = ended.slice(-LISTED).toReversed();
    const words = ended.length > LISTED ? `, the newest ${LISTED}` : "";
    return ended.length > 0 && h("details", { class: "fault-history" },
      h("summary", null, `${numberText(ended.length)} ended${words}`),
      h("ul", null, shown.map((one) => h("li", null,
        h("strong", null, one.label), ` on ${scopeText(scene, one)}, `, instant(one.from), " – ", instant(one.to)))));
  }
}
customElements.define("sim-faults", Faults);

const fieldOf = ({ field = "" }) => /^[^.[]*/.exec(field)[0];
const shareText = ({ record }) => /· (\d+% of attempts)$/.exec(record.summary)?.[0].replace("·", " ·") ?? "";

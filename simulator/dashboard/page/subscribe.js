// The dialog that makes a subscription or changes one: tried out by the server as one types.
// In: scene, catalogue; `open(record|null)`. Out: calls of the API, `sim-say`.
import { get, patch as change, post, problemText } from "sim/api.js";
import { asked, baseOf, changesOf, fieldOf, kindOf, ownerText, pendingOf, pendingText } from "sim/definition.js";
import { suggestion, valuesOf, wordsOf } from "sim/definition.js";
import { button, h, Part, patch } from "sim/dom.js";
import { fieldTree, problemTree, showValues } from "sim/fields.js";
import { NOTHING, requestTree, sampleTree, Trial } from "sim/trial.js";

const PATH = "/simulator/subscriptions";
const FIRST_WRONG = "[aria-invalid]:is(input, textarea, select), [aria-invalid] :is(input, button)";

class Subscribe extends Part {
  #draft = null; // what is being typed: {record, tenant, name, values, filled, suggested}
  #answer = NOTHING; // the last trial
  #sendable = null; // the last trial that had a request
  #busy = false;
  #trial = new Trial((answer) => this.#tried(answer));
  #dialog = document.createElement("dialog");

  connectedCallback() {
    this.#dialog.className = "subscribe";
    this.#dialog.setAttribute("aria-labelledby", "subscribe-title");
    this.#dialog.addEventListener("keydown", (event) => event.stopPropagation()); // single keys act outside only
    this.#dialog.addEventListener("close", () => this.#closed());
    this.append(this.#dialog);
  }

  /** For a new one, or to change this one. */
  async open(record = null) {
    const { catalogue, scene } = this.props;
    if (!catalogue || this.#dialog.open) return;
    try {
      this.#draft = record ? await this.#drawn(record) : this.#suggested(catalogue.events[0].event, scene);
    } catch (refusal) {
      return this.tell("say", { text: `could not read ${record.name}: ${refusal.message}`, tone: "bad" });
    }
    [this.#answer, this.#sendable, this.#busy] = [NOTHING, null, false];
    this.render();
    this.#dialog.showModal();
    this.#dialog.querySelector("input:not([readonly]), textarea, select").focus();
    this.#try();
  }

  async #drawn(record) {
    const { definition } = await get(`${PATH}/${record.id}`);
    const filled = definition ?? {};
    return { record, tenant: record.tenant_id, name: record.name, filled, values: valuesOf(this.#fields, filled) };
  }

  #suggested(event, scene) {
    const { catalogue } = this.props;
    const suggested = suggestion(catalogue, event, baseOf(catalogue, scene.facts.subscriptions));
    const values = valuesOf(this.#fields, suggested);
    return { record: null, tenant: "demo", name: "", filled: {}, suggested, values };
  }

  get #fields() { return this.props.catalogue.definition.filter(asked); }

  // ---- drawing

  render() {
    if (!this.#draft) return;
    const { record } = this.#draft;
    patch(this.#dialog, h("form", { onsubmit: (event) => this.#submit(event), novalidate: true },
      h("h2", { id: "subscribe-title" }, record ? `Edit ${record.name}` : "New subscription"),
      h("div", { class: "columns" },
        h("div", { class: "fields" }, this.#whose(), this.#fieldTrees()),
        h("section", { class: "preview", "aria-label": "What it sends" },
          h("h3", null, "What it sends"), this.#preview())),
      h("div", { class: "foot" },
        h("p", { class: "problem", role: "alert", hidden: !this.#loose().length }, this.#loose().join("; ")),
        h("p", { class: "plan", role: "status", hidden: !this.#plan() }, this.#plan()),
        button("Cancel", () => this.#dialog.close()),
        h("button", { class: "first", "aria-busy": this.#busy ? "true" : null }, record ? "Save" : "Subscribe"))));
    showValues(this.#dialog);
  }

  #whose() {
    const { record } = this.#draft;
    if (record) return h("p", { class: "aside" }, ownerText(record));
    return h("div", { class: "pair" },
      this.#own("tenant", "Tenant"), this.#own("name", "Name", "without one it gets a number"));
  }

  #own(name, label, placeholder) {
    const wrong = this.#problems(name);
    return h("div", { class: "field", "data-field": name },
      h("label", { for: `field-${name}` }, label),
      h("input", {
        id: `field-${name}`, type: "text", placeholder, autocomplete: "off", "data-value": this.#draft[name],
        "aria-invalid": wrong.length ? "true" : null, "aria-describedby": wrong.length ? `problem-${name}` : null,
        oninput: ({ target }) => { this.#draft[name] = target.value; this.#try(); },
      }),
      problemTree(name, wrong));
  }

  #fieldTrees() {
    const { values, filled } = this.#draft;
    const of = { values, filled, event: this.#event, set: this.#set, problems: (name) => this.#problems(name) };
    const groups = Map.groupBy(this.#fields, (field) => field.group || field.name);
    return [...groups.values()].map((group) => (group[0].group
      ? h("fieldset", { class: "pair" }, h("legend", null, group[0].group), group.map((one) => fieldTree(one, of)))
      : fieldTree(group[0], of)));
  }

  #preview() {
    const url = this.#fields.find((field) => field.type === "url" && field.placeholders);
    const shown = this.#sendable ?? NOTHING;
    return [
      this.#events.length > 1 && sampleTree(this.#events, this.#sample, (event) => {
        this.#draft.sample = event;
        this.#try();
      }),
      requestTree({ ...shown, stale: shown !== this.#answer, template: url && shown.template }),
    ];
  }

  // ---- what is typed

  get #event() {
    const field = this.#fields.find((one) => one.type === "event");
    return field && kindOf(this.props.catalogue, this.#draft.values[field.name]);
  }

  /** The events of a definition that may have several, and the one whose request is shown. */
  get #events() {
    const field = this.#fields.find((one) => one.type === "events");
    return field ? this.#draft.values[field.name] : [];
  }

  get #sample() {
    return this.#events.includes(this.#draft.sample) ? this.#draft.sample : this.#events[0];
  }

  #set = (name, value) => {
    const field = this.#fields.find((one) => one.name === name);
    const values = { ...this.#draft.values, [name]: value };
    this.#draft = { ...this.#draft, values };
    if (field.type === "event") this.#moved(value);
    this.#try();
  };

  /** Another event has other filters; what was suggested for the last one, and stands untouched, follows. */
  #moved(event) {
    const { suggested, values } = this.#draft;
    const next = this.#suggested(event, this.props.scene);
    const untouched = Object.keys(suggested ?? {}).filter((name) => values[name] === suggested[name]);
    const follow = Object.fromEntries(untouched.map((name) => [name, next.values[name]]));
    const none = Object.fromEntries(this.#fields.filter((one) => one.type === "filters").map((one) => [one.name, {}]));
    this.#draft = { ...this.#draft, suggested: suggested && next.suggested, values: { ...values, ...follow, ...none } };
  }

  get #words() {
    const { record, values, filled } = this.#draft;
    return record ? changesOf(this.#fields, values, filled) : wordsOf(this.#fields, values);
  }

  // ---- tried out

  #try() {
    const { record, tenant } = this.#draft;
    this.render();
    const whose = record ? { subscription: record.id } : { tenant };
    this.#trial.ask({ ...whose, definition: this.#words, ...(this.#sample ? { event: this.#sample } : {}) });
  }

  #tried(answer) {
    const url = this.#fields.find((field) => field.type === "url");
    this.#answer = answer;
    if (answer.request) this.#sendable = Object.assign(answer, { template: this.#draft.values[url?.name] });
    this.render();
  }

  #problems = (name) => this.#answer.problems
    .filter(({ field }) => fieldOf(this.#fields, field) === name).map((one) => one.message);

  /** What is wrong and belongs to no field. */
  #loose = () => this.#answer.problems.filter(({ field }) => !fieldOf(this.#fields, field))
    .map(({ field, message }) => problemText({ field: field?.replace(/^definition\./, ""), message }));

  /** What this will do to what is pending. */
  #plan() {
    const { record } = this.#draft;
    const pending = (id) => pendingOf(this.props.scene, id);
    const lost = (id) => `${pendingText(pending(id))} will be cancelled`;
    const moves = ({ type, name }) => ["event", "events"].includes(type) && name in this.#words;
    if (record) {
      const cancels = this.#fields.some(moves) && pending(record.id);
      return cancels ? `It moves to another event: ${lost(record.id)}.` : "";
    }
    const takes = ({ id, name }) => `It takes the place of ${name}, which is deleted: ${lost(id)}.`;
    return this.#answer.replaces.map(takes).join(" ");
  }

  // ---- done

  async #submit(event) {
    event.preventDefault();
    if (this.#busy) return;
    const { record, tenant, name } = this.#draft;
    this.#trial.stop();
    this.#busy = true;
    this.render();
    try {
      const made = record
        ? await change(`${PATH}/${record.id}`, { definition: this.#words })
        : await post(PATH, { tenant, ...(name ? { name } : {}), definition: this.#words });
      const said = record ? "is changed; the next attempt goes by it" : `is subscribed to ${made.event}`;
      this.tell("say", { text: `${made.name} ${said}`, tone: "ok" });
      this.#dialog.close();
    } catch (refusal) {
      this.#refused(refusal);
    }
  }

  #refused({ problems }) {
    this.#answer = { ...NOTHING, problems };
    this.#busy = false;
    this.render();
    this.#dialog.querySelector(FIRST_WRONG)?.focus();
  }

  /** What was typed goes, secrets first of all. */
  #closed() {
    this.#trial.stop();
    this.#draft = null;
    patch(this.#dialog);
  }
}
customElements.define("sim-subscribe", Subscribe);

// The dialog in which something is made to occur: any event of the catalogue, any story, once or in a burst.
// In: catalogue and scene; `open(context?)` with {event|story, tenant, attributes}. Out: a call, event `sim-say`.
// It keeps nothing but what a person is typing.
import { get, post } from "sim/api.js";
import { button, commandLine, h, Part, patch } from "sim/dom.js";
import { attributeFields, field, furtherFields, shownValues, text } from "sim/emitfields.js";
import { acceptedText, BLANK, bodyOf, choices, commandOf, isBurst, planText, searched } from "sim/emission.js";

const LENIENT = " · lets unknown values and further attributes through, as a newer version of the provider might";
const UNPLACED = ["event", "story", "attributes", undefined];

class Emit extends Part {
  #draft = BLANK;
  #search = "";
  #problems = [];
  #said = "";
  #busy = false;
  #keep = false;
  #inView = ""; // the choice that was brought into view
  #asked = 0; // the latest question for a sample: an older answer is of no use

  connectedCallback() {
    patch(this, h("dialog", { class: "emit", "aria-label": "Emit an event", onclose: () => this.render() }));
    this.dialog = this.firstChild;
  }

  /** Begin afresh, or with an event that is to occur again. */
  open({ event, story, tenant, attributes } = {}) {
    if (!this.props.catalogue) return;
    const name = event ?? story ?? (this.#draft.name || this.#likely());
    const kind = event ? "event" : story ? "story" : this.#draft.name ? this.#draft.kind : "event";
    this.#problems = [];
    this.#said = "";
    this.#search = "";
    this.#draft = { ...BLANK, turn: this.#draft.turn + 1, tenant: tenant ?? this.#draft.tenant };
    if (!this.dialog.open) this.dialog.showModal();
    this.#choose({ kind, name }, attributes ?? {});
    this.render();
    this.querySelector("[type=search]").focus();
  }

  /** What somebody listens to is a better beginning than the first of the catalogue. */
  #likely() {
    const { catalogue, scene } = this.props;
    const wanted = scene.facts.subscriptions.find((one) => one.enabled && !one.deleted_at && !one.application_id);
    if (wanted) this.#draft = { ...this.#draft, tenant: wanted.tenant_id };
    return wanted?.event.split(", ")[0] ?? catalogue.events[0].event;
  }

  // ---- what is typed

  #choose({ kind, name }, own = {}) {
    this.#draft = { ...this.#draft, kind, name, own, sample: {}, further: BLANK.further };
    this.#problems = [];
    this.#fill();
  }

  #edit(part) {
    this.#draft = { ...this.#draft, ...part };
    this.change({});
  }

  /** Sensible values for everything that nobody typed. */
  async #fill() {
    const { kind, name, tenant, turn } = this.#draft;
    const asked = (this.#asked += 1);
    this.change({});
    if (kind === "story") return;
    try {
      const query = new URLSearchParams({ event: name, tenant: tenant || BLANK.tenant, turn });
      const { attributes } = await get(`/simulator/samples?${query}`);
      if (asked === this.#asked) this.#edit({ sample: attributes });
    } catch (refusal) {
      if (asked === this.#asked) this.#refused(refusal);
    }
  }

  #redraw = () => {
    this.#draft = { ...this.#draft, own: {}, turn: this.#draft.turn + 1 };
    this.#fill();
  };

  #walk(event, found) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Enter") {
      event.preventDefault();
      this.querySelector(".fields [data-field]")?.focus();
    }
    if (!step || !found.length) return;
    event.preventDefault();
    const at = found.findIndex((one) => this.#isChosen(one));
    this.#choose(found[Math.min(found.length - 1, Math.max(0, at < 0 ? 0 : at + step))]);
  }

  #isChosen = ({ kind, name }) => kind === this.#draft.kind && name === this.#draft.name;

  // ---- sending

  async #emit(event) {
    event.preventDefault();
    if (this.#busy) return;
    this.#busy = true;
    this.#problems = [];
    this.#said = ""; // said again afterwards, even where the words are the same
    this.render();
    try {
      const said = acceptedText(await post("/simulator/events", bodyOf(this.#draft)));
      this.tell("say", { text: said, tone: "ok" });
      this.#accepted(said, this.#keep || event.submitter?.dataset.shift === "true");
    } catch (refusal) {
      this.#refused(refusal);
    } finally {
      this.#busy = false;
      this.change({});
    }
  }

  #accepted(said, keep) {
    this.#said = said;
    if (!keep) return this.dialog.close();
    this.#draft = { ...this.#draft, turn: this.#draft.turn + 1 };
    this.#fill();
  }

  #refused(refusal) {
    this.#said = "";
    this.#problems = refusal.problems ?? [{ message: refusal.message }];
    this.render();
    this.querySelector("[aria-invalid=true]")?.focus();
  }

  // ---- drawing

  render() {
    const { catalogue } = this.props;
    if (!catalogue || !this.dialog?.open) return;
    const all = choices(catalogue);
    const found = searched(all, this.#search);
    const chosen = all.find(this.#isChosen) ?? all[0];
    patch(this.dialog,
      h("h2", null, "Emit"),
      h("form", { class: "emit-form", method: "dialog", onsubmit: (event) => this.#emit(event) },
        this.#chooser(found, chosen), this.#fields(chosen.record, chosen.about), this.#foot()));
    this.#show();
  }

  /** Controls take what the draft holds; they are not asked what they show. */
  #show() {
    const values = shownValues(this.#draft);
    for (const control of this.dialog.querySelectorAll("[data-field]")) {
      const value = values[control.dataset.field] ?? "";
      if (control.value !== value) control.value = value;
    }
    const chosen = this.dialog.querySelector("[role=option][aria-selected=true]");
    if (chosen && this.#inView !== chosen.id) chosen.scrollIntoView({ block: "nearest" });
    this.#inView = chosen?.id;
  }

  #chooser(found, chosen) {
    const option = (one) => h("li", {
      role: "option", id: `emit-${one.kind}-${one.name}`, "aria-selected": String(one === chosen),
      onclick: () => this.#choose(one),
    }, h("code", null, one.name), one.kind === "story" && h("span", { class: "aside" }, " story"));
    return h("div", { class: "chooser" },
      h("input", {
        type: "search", role: "combobox", "aria-label": "Event or story", "aria-controls": "emit-list",
        "aria-expanded": "true", "aria-activedescendant": `emit-${chosen.kind}-${chosen.name}`,
        placeholder: "Search events and stories", spellcheck: "false", autocomplete: "off",
        onkeydown: (event) => this.#walk(event, found),
        oninput: ({ target }) => { this.#search = target.value; this.change({}); },
      }),
      h("ul", { class: "options", id: "emit-list", role: "listbox", "aria-label": "Choice" }, found.map(option)),
      !found.length && h("p", { class: "aside" }, "Nothing has such a name."));
  }

  #fields(record, about) {
    const draft = this.#draft;
    const problems = this.#problems;
    const edit = (name, value) => this.#edit({ own: { ...this.#draft.own, [name]: value } }); // as it is by then
    const further = (part) => this.#edit({ further: { ...this.#draft.further, ...part } });
    const given = attributeFields({ draft, record, problems, edit });
    return h("div", { class: "fields" },
      h("h3", null, h("code", null, draft.name), h("span", { class: "aside" }, ` ${draft.kind}`)),
      h("p", { class: "aside about" }, about || ""),
      draft.kind === "story" && given.length > 0
        ? h("details", null, h("summary", null, "What it may be given"), given)
        : given,
      draft.kind === "event" && button("Other values", this.#redraw, { class: "quiet" }),
      draft.kind === "event" && draft.lenient && furtherFields({ draft, problems, further }),
      this.#where(problems));
  }

  #where(problems) {
    const tenants = [...new Set(this.props.scene.facts.subscriptions.map((one) => one.tenant_id))];
    const asked = (ties) => [
      text(ties, ({ target }) => this.#edit({ tenant: target.value }), { list: "emit-tenants" }),
      h("datalist", { id: "emit-tenants" }, tenants.map((value) => h("option", { value }))),
    ];
    const counted = (ties) => text(ties, ({ target }) => this.#edit({ count: target.value }), { inputmode: "numeric" });
    const spaced = (ties) => text(ties, ({ target }) => this.#edit({ every: target.value }),
      { placeholder: "0s", disabled: !isBurst(this.#draft) });
    return h("div", { class: "pair" },
      field("tenant", "Tenant", problems, asked),
      field("count", "How many", problems, counted),
      field("every", "One every", problems, spaced, "(virtual)"));
  }

  #hasField = (name) => this.dialog.querySelector(`[data-field="${CSS.escape(name)}"]`) !== null;

  #foot() {
    const draft = this.#draft;
    const loose = this.#problems.filter(({ field: name }) => UNPLACED.includes(name) || !this.#hasField(name));
    const flip = (name) => ({ target }) => this.#edit({ [name]: target.checked });
    const subscriptions = this.props.scene.facts.subscriptions;
    return h("div", { class: "foot" },
      draft.kind === "event" && h("label", { class: "check" },
        h("input", { type: "checkbox", checked: draft.lenient, onchange: flip("lenient") }),
        h("span", null, "Lenient", h("span", { class: "aside" }, LENIENT))),
      h("p", { class: "plan" }, planText(draft, subscriptions)),
      commandLine(commandOf(draft, location.origin)),
      h("p", { class: "wrong", role: "alert", hidden: !loose.length }, loose.map((one) => one.message).join("; ")),
      h("div", { class: "deeds" },
        h("label", { class: "check" }, h("input", {
          type: "checkbox", checked: this.#keep, onchange: ({ target }) => { this.#keep = target.checked; },
        }), h("span", null, "Keep open", h("span", { class: "aside" }, " · as with Shift"))),
        h("p", { role: "status", class: "said" }, this.#said),
        button("Close", () => this.dialog.close()),
        h("button", {
          type: "submit", class: "first", "aria-disabled": this.#busy ? "true" : null,
          onclick: (event) => { event.currentTarget.dataset.shift = String(event.shiftKey); },
        }, this.#busy ? "Emitting" : "Emit")));
  }
}
customElements.define("sim-emit", Emit);

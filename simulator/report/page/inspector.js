// One delivery in full beside the list, and what a person may do about it; how it is told stands in `delivery`.
// In: scene and selection; live also `now` and `act.resend`. Out: events `sim-select`, `sim-close`, `sim-say`, and
// that call.
import { afterDrawing, button, h, Part, patch } from "sim/dom.js";

const key = (name) => h("kbd", null, name);

class Inspector extends Part {
  #refused = null; // {delivery, text}: what the server said to the last wish
  #busy = false;
  #told = { of: [], tree: null };
  #delivery = null; // the module that tells one, fetched with the first that is selected

  render() {
    const { scene, selected } = this.props;
    const delivery = selected && scene.byId.get(selected.delivery);
    this.classList.toggle("open", Boolean(delivery));
    if (!delivery) return patch(this, nothing(selected));
    if (!this.#delivery) return this.#learn();
    const { head } = this.#delivery;
    const close = () => this.tell("close");
    patch(this,
      button("Close", close, { class: "close", title: "Esc" }),
      h("article", { class: "details" },
        head(delivery), this.#upcoming(delivery), this.#body(delivery, selected.number)));
  }

  async #learn() {
    try {
      this.#delivery = await import("sim/delivery.js");
    } catch {
      const text = "the file of the inspector could not be read; is the simulator still running?";
      return this.tell("say", { text, tone: "told" });
    }
    this.render();
  }

  /** Takes the keyboard to what is selected. */
  async read() {
    if (!this.#delivery) await this.#learn();
    afterDrawing(() => this.querySelector("h2")?.focus());
  }

  /** What stands still is drawn again only when its delivery changed: the clock alone moves nothing here. */
  #body(delivery, number) {
    const { scene } = this.props;
    const of = [delivery, number, scene.facts.timeout_seconds];
    if (of.some((one, place) => one !== this.#told.of[place])) {
      const select = (chosen) => this.tell("select", { delivery: delivery.id, number: chosen });
      this.#told = { of, tree: this.#delivery.body(scene, delivery, number, select) };
    }
    return this.#told.tree;
  }

  /** When it comes again, and what a person may do about it. */
  #upcoming(delivery) {
    const { scene, now, act } = this.props;
    const next = this.#delivery.nextTree(scene, delivery, now);
    return now === undefined ? next : h("div", { class: "upcoming" }, next, act && this.#resendTree(delivery));
  }

  #resendTree(delivery) {
    const refusal = this.#refused?.delivery === delivery.id ? this.#refused.text : "";
    const never = this.#delivery.whyNever(delivery, this.props.scene.facts);
    return h("div", { class: "resend" },
      !never && button(this.#busy ? "Resending" : "Resend", () => this.resend(), {
        title: "r", "aria-keyshortcuts": "r",
        "aria-disabled": this.#busy ? "true" : null, // a disabled button would lose the focus
      }),
      h("p", { role: "status" }, never ? `No resend: ${never}.` : refusal));
  }

  /** Send the selected delivery again (R10); a refusal is shown in the server's own words. */
  async resend() {
    const { selected, act } = this.props;
    if (!selected || !act || this.#busy) return;
    this.#refused = null;
    this.#busy = true;
    this.change({});
    try {
      await act.resend(selected.delivery);
    } catch (refusal) {
      this.#refused = { delivery: selected.delivery, text: refusal.message };
    }
    this.#busy = false;
    this.change({});
  }
}
customElements.define("sim-inspector", Inspector);

const nothing = (selected) => h("div", { class: "nothing" },
  h("p", null, selected ? `There is no delivery ${selected.delivery} in this run.` : "Select a delivery."),
  h("p", null, key("j"), key("k"), " walk the list, ", key("Enter"), " opens it here."));

// What is broken right now, a chip each; nothing where nothing is. In: scene, now. Out: calls of the API.
import { del } from "sim/api.js";
import { button, h, Part, patch } from "sim/dom.js";
import { lengthText, nameOf, scopeText } from "sim/faultkinds.js";
import { acting } from "sim/scene.js";

const MOST = 6; // chips; the panel of faults lists the rest

class Broken extends Part {
  render() {
    const { scene, now } = this.props;
    const all = acting(scene, now);
    this.hidden = !all.length;
    const rest = all.length - MOST;
    patch(this, all.length > 0 && h("ul", { class: "broken", "aria-label": "Faults that act" },
      all.slice(0, MOST).map((fault) => this.#chip(fault)),
      rest > 0 && h("li", null, button(`${rest} more`, () => this.tell("tab", "faults"), { class: "link" }))));
  }

  #chip(fault) {
    const { scene, now } = this.props;
    const text = `${fault.kind} · ${scopeText(scene, fault)} · ${lengthText(fault, now)}`;
    return h("li", { class: "chip" },
      h("span", null, text),
      button("Clear", () => this.#clear(fault), { "aria-label": `Clear ${text}` }));
  }

  async #clear({ record }) {
    try {
      await del(`/simulator/faults?id=${encodeURIComponent(record.id)}`);
      this.tell("say", { text: `${nameOf(record.kind)} is cleared`, tone: "ok" });
    } catch (refusal) {
      this.tell("say", { text: `not cleared: ${refusal.message}`, tone: "bad" });
    }
  }
}
customElements.define("sim-broken", Broken);

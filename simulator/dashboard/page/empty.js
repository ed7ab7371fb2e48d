// What stands where there is nothing yet: what to do first. In: scene and catalogue. Out: events `sim-subscribe`,
// `sim-emit`, `sim-lessons`.
import { subscribeCommand } from "sim/definition.js";
import { button, commandLine, h, Part, patch } from "sim/dom.js";
import { quoted } from "sim/words.js";

class Empty extends Part {
  render() {
    const { scene, catalogue } = this.props;
    const tree = this.#tree(scene, catalogue);
    this.hidden = !tree;
    patch(this, tree);
  }

  #tree(scene, catalogue) {
    const lesson = button("Take a lesson", () => this.tell("lessons"));
    const first = (text, name, wanted) => button(text, () => this.tell(name, wanted), { class: "first" });
    if (!scene.subscriptions.some((one) => !one.record.deleted_at)) return [
      h("h2", null, "No subscription yet"),
      h("p", null, "A subscription says which event of which tenant goes where. Nothing is sent without one."),
      h("p", null, first("New subscription", "subscribe", null), " ", lesson),
      commandLine(subscribeCommand(catalogue, scene.facts.subscriptions)),
    ];
    if (!scene.deliveries.length) return [
      h("h2", null, "No deliveries yet"),
      h("p", null, "Let an event occur, or a whole story; what is sent appears here as it happens."),
      h("p", null, first("Emit an event", "emit", {}), " ", lesson),
      commandLine(emitting(catalogue)),
    ];
    return null;
  }
}
customElements.define("sim-empty", Empty);

const emitting = ({ stories }) =>
  `curl -X POST ${location.origin}/simulator/events -d ${quoted(JSON.stringify({ story: stories[0].story }))}`;

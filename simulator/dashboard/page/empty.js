// What stands where there is nothing yet: what to do first. In: scene and catalogue. Out: trees, or nothing.
import { subscribeCommand } from "sim/definition.js";
import { copyButton, h } from "sim/dom.js";

export function emptyTree({ scene, catalogue }, { subscribe, emit, lessons }) {
  const button = (text, act, first) =>
    h("button", { type: "button", class: first ? "first" : null, onclick: act }, text);
  if (!scene.subscriptions.some((one) => !one.record.deleted_at)) return [
    h("h2", null, "No subscription yet"),
    h("p", null, "A subscription says which event of which tenant goes where. Nothing is sent without one."),
    h("p", null, button("New subscription", subscribe, true), " ", button("Take a lesson", lessons)),
    command(subscribeCommand(catalogue, scene.facts.subscriptions)),
  ];
  if (!scene.deliveries.length) return [
    h("h2", null, "No deliveries yet"),
    h("p", null, "Let an event occur, or a whole story; what is sent appears here as it happens."),
    h("p", null, button("Emit an event", emit, true), " ", button("Take a lesson", lessons)),
    command(emitting(catalogue)),
  ];
  return null;
}

const command = (text) => h("p", { class: "command" }, h("code", null, text), copyButton(text, "Copy"));
const quoted = (body) => `'${JSON.stringify(body).replaceAll("'", "'\\''")}'`;

const emitting = ({ stories }) =>
  `curl -X POST ${location.origin}/simulator/events -d ${quoted({ story: stories[0].story })}`;

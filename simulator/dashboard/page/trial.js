// A definition as it is typed, tried out by the server: its problems, and what it would send. In: the body of a trial.
// Out: `show` with the answer, for the newest only; nothing is asked before typing rests.
import { post } from "sim/api.js";
import { h } from "sim/dom.js";
import { filled } from "sim/fields.js";
import { bodyPieces, urlPieces } from "sim/highlight.js";

const REST = 150; // real ms

export class Trial {
  #timer = 0;
  #number = 0;

  constructor(show) {
    this.show = show;
  }

  ask(body) {
    this.stop();
    const number = this.#number;
    this.#timer = setTimeout(async () => {
      const refused = ({ problems }) => ({ ...NOTHING, problems });
      const answer = await post("/simulator/subscriptions/preview", body).catch(refused);
      if (number === this.#number) this.show(answer);
    }, REST);
  }

  /** What is under way no longer matters. */
  stop() {
    clearTimeout(this.#timer);
    this.#number += 1;
  }
}

export const NOTHING = { problems: [], request: null, attributes: {}, replaces: [] };

/** For which of several events the request is shown. */
export const sampleTree = (events, chosen, choose) => h("label", { class: "field sample" }, "for the event",
  h("select", { "data-value": chosen, onchange: ({ target }) => choose(target.value) },
    events.map((name) => h("option", { value: name }, name))));

/** The request of a sample event; `stale` while what was typed since cannot be sent. */
export function requestTree({ request, attributes, stale, template }) {
  if (!request) return h("p", { class: "aside" }, "What it sends stands here as soon as it can be sent.");
  const url = template ? filled(urlPieces(template, request.url, attributes)) : request.url;
  const headers = request.headers.map((name, index) => [index > 0 && ", ", h("code", null, name)]);
  return h("div", { class: stale ? "request stale" : "request" },
    h("p", null, h("strong", null, request.method), " ", h("code", { class: "url" }, url)),
    headers.length > 0 && h("p", { class: "aside" }, "with ", headers),
    request.body && h("pre", null, bodyPieces(request.body, {}).map(({ text }) => text)),
    h("details", null, h("summary", null, "Sample values"),
      h("dl", null, Object.entries(attributes).map(([name, value]) =>
        [h("dt", null, name), h("dd", null, h("code", null, value || "(empty)"))]))));
}

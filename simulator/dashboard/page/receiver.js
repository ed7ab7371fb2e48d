// What the embedded receiver got and did, beside what the sender believes; where they disagree, the row says so.
// In: scene (when its facts change there may be news), tab. Out: `sim-select`; asks the server while it is looked at.
import { get, Refusal } from "sim/api.js";
import { button, commandLine, h, Part, patch } from "sim/dom.js";
import { icon } from "sim/marks.js";
import { countText, familyOf, instantText, numberText, outcomeText, parseInstant, timeText } from "sim/words.js";

const PAGE = 200; // rows to begin with, and further ones at a time
const MOST = 1000; // rows the page draws; the server has the others
const CALM = 1000; // real ms between two looks
const LISTED = 100; // objects and effects; the rest is counted
const BLANK = 8;
const NOTHING = "Nothing was sent to it yet. Emit an event, and it shows here.";
const HEADS = ["At", "Sender", "Receiver", "Note"];
const START = "aurora-sim serve --receiver robust";
const DONE = { applied: "ok", duplicate: "ok", stale: "ok", refused: "bad" };

class Receiver extends Part {
  #view = null;
  #problem = null;
  #limit = PAGE;
  #only = false; // rows worth a look alone
  #seen = null; // the facts for which the server was asked last
  #asking = false;
  #timer = 0;
  #askedAt = -CALM;

  render() {
    const { tab, scene } = this.props;
    if (tab === "receiver" && scene && scene.facts !== this.#seen) this.#soon();
    if (tab !== "receiver") return;
    patch(this, this.#tree());
  }

  // ---- asking

  /** At most once a second, however much happens. */
  #soon() {
    if (this.#timer || this.#asking) return;
    const wait = Math.max(0, this.#askedAt + CALM - performance.now());
    this.#timer = setTimeout(() => this.#look(), wait);
  }

  async #look() {
    this.#timer = 0;
    if (this.props.tab !== "receiver") return;
    this.#asking = true;
    this.#askedAt = performance.now();
    this.#seen = this.props.scene.facts;
    try {
      this.#view = await get(`/simulator/receiver?limit=${this.#limit}`);
      this.#problem = null;
    } catch (refusal) {
      if (!(refusal instanceof Refusal)) throw refusal;
      this.#problem = refusal;
    } finally {
      this.#asking = false;
      this.change({});
    }
  }

  #again() {
    this.#seen = null;
    this.change({});
  }

  // ---- drawing

  #tree() {
    if (!this.#view) return this.#problem ? this.#trouble() : waiting();
    if (!this.#view.kind) return none();
    const { kind, url, counts, objects, effects } = this.#view;
    return h("div", { class: "beside" },
      this.#problem ? this.#trouble() : null,
      h("div", { class: "beside-head" },
        h("p", null, h("strong", null, kind), " at ", h("code", null, url)),
        h("p", { class: "told", role: "status" }, toldOf(counts)),
        counts.disagreements + counts.ambiguous ? this.#onlyButton() : null),
      counts.rows ? this.#table() : h("p", { class: "empty" }, NOTHING),
      this.#more(),
      objectsOf(objects),
      effectsOf(effects));
  }

  #trouble() {
    return h("p", { class: "trouble", role: "alert" }, `${this.#problem.message}. `,
      button("Retry", () => this.#again()));
  }

  #onlyButton() {
    const flip = () => { this.#only = !this.#only; this.change({}); };
    return button("Only what differs", flip, { "aria-pressed": String(this.#only) });
  }

  #table() {
    const rows = this.#view.rows.filter((one) => !this.#only || one.disagrees || one.candidates.length);
    return h("table", { "aria-label": "Sender and receiver, newest first" },
      headsOf(HEADS),
      h("tbody", null, rows.map((one) => this.#row(one))));
  }

  #row(one) {
    const { sent, got, candidates, note, disagrees } = one;
    const at = sent ?? candidates[0];
    return h("tr", { class: disagrees ? "differs" : candidates.length ? "unclear" : null },
      h("td", { class: "at" }, at ? timeOf(at.started_at) : "–"),
      h("td", null, sent ? this.#sender(sent) : this.#candidates(one)),
      h("td", null, got ? receiverOf(got) : h("span", { class: "side aside" }, icon("dash"), " nothing")),
      h("td", { class: "note" }, disagrees ? h("strong", null, note) : note));
  }

  #sender(sent) {
    return h("span", { class: "side" }, this.#link(sent), icon(familyOf(sent)), ` ${outcomeText(sent)}`,
      sent.fault ? h("span", { class: "aside" }, ` fault: ${spaced(sent.fault)}`) : null);
  }

  #candidates({ candidates, candidate_count: count }) {
    if (!count) return h("span", { class: "aside" }, "nothing recorded");
    const left = count - candidates.length;
    return h("span", { class: "side" }, "one of ",
      candidates.map((sent) => [this.#link(sent), " "]), left ? `and ${numberText(left)} more` : null);
  }

  #link({ delivery_id: delivery, number, subscription, started_at: at }) {
    const name = `${subscription}, delivery ${delivery}, attempt ${number}, ${instantText(parseInstant(at))}`;
    const select = () => this.tell("select", { delivery, number });
    return button(`${delivery}·${number}`, select, { class: "link", "aria-label": name, title: name });
  }

  #more() {
    const { next, counts } = this.#view;
    if (next === null) return null;
    const all = `The newest ${numberText(MOST)} of ${numberText(counts.rows)} are shown.`;
    if (this.#limit >= MOST) return h("p", { class: "aside" }, all);
    const more = () => { this.#limit = Math.min(MOST, this.#limit + PAGE); this.#again(); };
    return button("Older ones", more, { class: "older" });
  }
}

// ---- pieces

const spaced = (name) => name.replaceAll("_", " ");
const timeOf = (iso) => h("time", { datetime: iso, title: iso }, timeText(parseInstant(iso)));
const headsOf = (names) => h("thead", null, h("tr", null, names.map((name) => h("th", { scope: "col" }, name))));

function toldOf({ received, disagreements, ambiguous }) {
  const parts = [countText(received, "request")];
  parts.push(disagreements ? `${countText(disagreements, "disagreement")}` : "both sides agree");
  if (ambiguous) parts.push(`${numberText(ambiguous)} cannot be told apart`);
  return parts.join(" · ");
}

function receiverOf({ decision, status, path, query, method }) {
  return h("span", { class: "side", title: `${method} ${path}${query ? `?${query}` : ""}` },
    icon(DONE[decision] ?? "unknown"), ` ${decision}`, h("span", { class: "aside" }, ` ${status}`));
}

function objectsOf(objects) {
  const all = Object.entries(objects).flatMap(([kind, known]) =>
    Object.entries(known).map(([id, status]) => ({ kind, id, status })));
  if (!all.length) return null;
  return h("section", null,
    h("h3", null, "What it knows ", h("span", { class: "aside" }, countText(all.length, "object"))),
    h("table", { "aria-label": "Objects" },
      headsOf(["Kind", "Id", "Status"]),
      h("tbody", null, all.slice(0, LISTED).map(({ kind, id, status }) =>
        h("tr", null, [spaced(kind), h("code", null, id), status ?? "known"].map((one) => h("td", null, one)))))),
    rest(all.length));
}

function effectsOf(effects) {
  if (!effects.length) return null;
  return h("section", null,
    h("h3", null, "What it set off, once each ", h("span", { class: "aside" }, numberText(effects.length))),
    h("ul", null, effects.slice(0, LISTED).map(({ kind, id, effect }) =>
      h("li", null, effect, h("span", { class: "aside" }, ` ${spaced(kind)} `), h("code", null, id)))),
    rest(effects.length));
}

const rest = (count) => (count > LISTED ? h("p", { class: "aside" }, `and ${numberText(count - LISTED)} more`) : null);

function none() {
  return h("div", { class: "empty" },
    h("p", null, "No receiver was started with this server, so only the sender can be seen. Start one with:"),
    commandLine(START));
}

/** Outlines at their final size. */
function waiting() {
  return h("div", { class: "beside", "aria-busy": "true", "aria-label": "Reading the receiver" },
    Array.from({ length: BLANK }, () => h("div", { class: "blank" })));
}

customElements.define("sim-receiver", Receiver);

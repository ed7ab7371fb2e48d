// Lessons: the menu that begins one, and the strip that leads through it from stop to stop.
// In: lesson (as the server tells it, or null), opening (the one that went on when the page was opened).
// Out: calls of the control API; at each stop the event `sim-look` {at, filter}, at the end `sim-left`: what it showed
// is shown no longer.
import { del, get, post } from "sim/api.js";
import { button, copyButton, h, Part, patch } from "sim/dom.js";
import { countText, durationText, SECOND } from "sim/words.js";

const SERVE = "aurora-sim serve --receiver robust";
const EXPECTED = 6; // rows of the menu before it is known how many there are
let begunHere = false; // only who began it here is taken to its button

/** Asks the server; what it refuses is said in its own words. */
class Asking extends Part {
  busy = false;
  problem = "";

  async ask(question) {
    if (this.busy) return null;
    this.busy = true;
    this.problem = "";
    this.change({});
    try {
      return await question();
    } catch (refusal) {
      this.problem = refusal.message;
      return null;
    } finally {
      this.busy = false;
      this.change({});
    }
  }
}

// ---- the menu

class Lessons extends Asking {
  #lessons = null;
  #chosen = "";
  #dialog = document.createElement("dialog");

  connectedCallback() {
    this.#dialog.className = "lessons";
    this.#dialog.setAttribute("aria-labelledby", "lessons-title");
    this.#dialog.onkeydown = (event) => event.stopPropagation(); // the page's single keys are not meant here
    this.append(this.#dialog);
  }

  open() {
    if (this.#dialog.open) return;
    this.problem = "";
    this.#dialog.showModal();
    this.#read();
    this.change({});
  }

  async #read() {
    const answer = await this.ask(() => get("/simulator/lessons"));
    if (answer) this.#lessons = answer.lessons;
    this.change({});
  }

  async #begin(name) {
    this.#chosen = name;
    begunHere = true;
    const begun = await this.ask(() => post(`/simulator/lessons/${name}`));
    this.#chosen = "";
    begunHere = Boolean(begun);
    if (begun) this.#dialog.close();
  }

  render() {
    if (!this.#dialog.open) return;
    patch(this.#dialog,
      h("h2", { id: "lessons-title" }, "Lessons"),
      h("p", null, "Guided walks. A lesson brings subscriptions of its own and takes them away when you leave it. ",
        "The clock is everybody’s, so on the way to a stop your own deliveries fall due as well."),
      this.#hindrance(),
      this.#list(),
      this.problem && this.#said(),
      h("form", { method: "dialog" }, h("button", null, "Close")));
  }

  /** Why none can be begun now. */
  #hindrance() {
    const { lesson } = this.props;
    if (lesson && !lesson.finished) {
      const leave = () => this.ask(() => del("/simulator/lesson"));
      const where = `“${lesson.title}” goes on, at stop ${lesson.stop} of ${lesson.of}.`;
      return h("div", { class: "hindrance" }, h("span", null, where),
        button("Leave it", leave, { disabled: this.busy }));
    }
    if (!this.#lessons?.[0]?.refused) return null;
    return h("div", { class: "hindrance" },
      h("span", null, "Lessons send to the sample receiver, and none was started. Begin with ", h("code", null, SERVE)),
      copyButton(SERVE, "Copy"));
  }

  #list() {
    if (this.#lessons === null) {
      return h("ul", { "aria-busy": "true" }, Array.from({ length: EXPECTED }, () => h("li", { class: "blank" })));
    }
    if (!this.#lessons.length) return h("p", { class: "empty" }, "There is no lesson for this provider.");
    return h("ul", null, this.#lessons.map((one) => this.#row(one)));
  }

  #row({ name, title, summary, stops, lasts_seconds: lasts, refused }) {
    const goesOn = this.props.lesson && !this.props.lesson.finished;
    const beginning = this.busy && this.#chosen === name;
    return h("li", null,
      h("div", null,
        h("h3", null, title),
        h("p", null, summary),
        h("p", { class: "aside" }, `${countText(stops, "stop")} · ${durationText(lasts * SECOND)} of virtual time`)),
      button(beginning ? "Beginning" : "Begin", () => this.#begin(name), {
        "aria-label": `Begin the lesson ${title}`, "aria-busy": String(beginning),
        disabled: Boolean(refused) || goesOn || this.busy,
      }));
  }

  #said() {
    const again = this.#lessons === null && button("Retry", () => this.#read(), {});
    return h("p", { class: "problem", role: "alert" }, this.problem, again);
  }
}
customElements.define("sim-lessons", Lessons);

// ---- the strip

class Lesson extends Asking {
  #at; // the stop that was pointed at
  #left; // the lesson that was left here: the stream may still tell of the way to its next stop

  connectedCallback() {
    this.setAttribute("role", "region");
    this.setAttribute("aria-label", "Lesson");
  }

  render() {
    const { lesson } = this.props;
    this.hidden = !lesson;
    patch(this, lesson ? [this.#progress(lesson), this.#words(lesson), this.#buttons(lesson)] : []);
    this.#point(lesson);
  }

  #progress({ title, stop, of, finished, broken_off: gone }) {
    const place = gone ? "broken off" : finished ? `${of} of ${of}, the end` : `${stop} of ${of}`;
    const dots = Array.from({ length: of }, (_, index) =>
      h("i", { class: index + 1 < stop ? "past" : index + 1 === stop ? "here" : "" }));
    return h("div", { class: "progress" },
      h("strong", null, title),
      h("span", { class: "aside" }, place),
      h("span", { class: "dots", "aria-hidden": "true" }, dots));
  }

  #words({ say, trouble, stop }) {
    return h("div", { class: "words", "aria-live": "polite" },
      h("p", null, say || (stop ? "" : "On the way to the first stop.")),
      trouble && h("p", { class: "aside" }, `A step could not be done: ${trouble}.`),
      this.problem && h("p", { class: "problem" }, this.problem));
  }

  #buttons({ then, look_at: at, filter, moving, finished, broken_off: gone }) {
    const walks = moving || this.busy;
    const next = () => walks || this.ask(() => post("/simulator/lesson/next"));
    const leave = () => this.#leave();
    const look = () => this.tell("look", { at, filter });
    const attrs = { class: "next", "aria-busy": String(walks), "aria-disabled": String(walks) }; // it keeps the focus
    return h("div", { class: "ways" },
      finished
        ? button(gone ? "Leave" : "Finish", leave, { class: "next", title: "Deletes what the lesson made" })
        : button(moving ? "On the way" : then || "Go on", next, attrs),
      at && !gone && button("Look again", look, {}),
      !finished && button("Leave", leave, { title: "Ends the lesson and deletes what it made" }));
  }

  /** A walk that is under way does not keep anybody from leaving. */
  async #leave() {
    this.busy = false;
    const name = nameOf(this.props.lesson);
    if (!(await this.ask(() => del("/simulator/lesson")))) return;
    this.#left = name;
    this.tell("left");
  }

  /** At each new stop the page shows what it speaks of; a page that was just opened stays where its address says. */
  #point(lesson) {
    const { opening } = this.props;
    const at = stopOf(lesson);
    const before = this.#at ?? (opening?.moving ? at : stopOf(opening));
    if (lesson?.moving || (lesson && nameOf(lesson) === this.#left)) return;
    this.#at = at;
    if (at === before || !lesson?.look_at || lesson.broken_off) return;
    this.tell("look", { at: lesson.look_at, filter: lesson.filter });
    if (lesson.stop > 1 || !begunHere) return;
    begunHere = false;
    this.querySelector(".next")?.focus();
  }
}
customElements.define("sim-lesson", Lesson);

const nameOf = (lesson) => lesson.subscriptions[0]; // numbered, so no two of a run share it
const stopOf = (lesson) => (lesson ? `${nameOf(lesson)} ${lesson.stop}` : "");

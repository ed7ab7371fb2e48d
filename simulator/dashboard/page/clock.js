// The virtual clock, to read and to hold: pause, speeds, steps forward. In: live, now, lost. Out: events
// `sim-pace` {speed} or {paused}, `sim-advance` {by} or {to}, `sim-halt`, `sim-light-next`.
// There is no way back, here or in the engine.
import { button, h, Part, patch } from "sim/dom.js";
import { clockWords } from "sim/now.js";
import { dayText, durationText, isoText, minuteText, SECOND, timeText } from "sim/words.js";

const SPEEDS = [["1", "1×"], ["60", "60×"], ["1440", "1440×"], ["jump", "Jump"]];
const MORE = [["elastic", "Elastic"], ["3600", "3600×"], ["86400", "86 400×"]];
const STEPS = [["30s", "30 s"], ["5m", "5 min"], ["3h", "3 h"]];
const LONG_STEPS = [["30m", "30 min"], ["20h", "20 h"]];

export class Clock extends Part {
  render() {
    const { live, lost } = this.props;
    this.classList.toggle("stands", live.paused && live.target === null);
    this.classList.toggle("lost", Boolean(lost));
    patch(this,
      this.#face(),
      h("div", { class: "joined", role: "group", "aria-label": "Run" }, this.#runButton(), this.#nextButton()),
      this.#steps(),
      this.#speeds());
  }

  #face() {
    const { live, now, lost } = this.props;
    const whole = Math.floor(now / SECOND) * SECOND;
    const words = lost ? "connection lost" : clockWords(live);
    const target = live.target !== null && [` to ${minuteText(live.target)} `,
      button("Cancel", () => this.tell("halt"), { class: "link" })];
    return h("div", { class: "face" },
      h("time", { class: "clock", datetime: isoText(now), title: `${isoText(now)}, virtual time` },
        h("span", { class: "day" }, `${dayText(whole)} `), timeText(whole), h("span", { class: "zone" }, " UTC")),
      h("p", { class: "pace" }, live.paused && live.target === null && bars(), words, target));
  }

  #runButton() {
    const { live } = this.props;
    const press = () => this.tell("pace", { paused: !live.paused });
    const attrs = { class: "run", title: "Space", "aria-keyshortcuts": "Space" };
    return button(live.paused ? [triangle(), "Run"] : [bars(), "Pause"], press, attrs);
  }

  /** What happens next, and how far away it is; hover shows where. */
  #nextButton() {
    const { live, now, pinned } = this.props;
    const go = () => this.tell("advance", pinned ? { to: isoText(pinned) } : { to: "next" });
    const away = live.due === null ? "Nothing due" : `Next in ${durationText(Math.max(0, live.due - now)) || "0 s"}`;
    const text = pinned ? `Advance to ${minuteText(pinned)}` : away;
    const light = (wanted) => () => this.tell("light-next", wanted);
    return button(text, go, {
      class: "next", title: "n", "aria-keyshortcuts": "n",
      onpointerenter: light(true), onpointerleave: light(false), onfocus: light(true), onblur: light(false),
      disabled: (live.due === null && !pinned) || live.target !== null,
    });
  }

  #steps() {
    const { live } = this.props;
    const go = (by) => () => this.tell("advance", { by });
    const disabled = live.target !== null;
    return [
      h("div", { class: "joined steps wide", role: "group", "aria-label": "Advance by" },
        STEPS.map(([by, text]) => button(`+${text}`, go(by), { disabled }))),
      h("select", {
        class: "narrow", "aria-label": "Advance by", disabled,
        onchange: ({ currentTarget: field }) => { this.tell("advance", { by: field.value }); field.value = ""; },
      }, h("option", { value: "" }, "Advance"),
      [...STEPS, ...LONG_STEPS].map(([by, text]) => h("option", { value: by }, `+${text}`))),
    ];
  }

  #speeds() {
    const { live } = this.props;
    const set = (speed) => this.tell("pace", { speed: Number(speed) || speed });
    const known = [...SPEEDS, ...MORE].some(([speed]) => speed === live.speed);
    const other = known ? [] : [[live.speed, `${live.speed}×`]];
    const option = ([speed, text]) => h("option", { value: speed, selected: speed === live.speed }, text);
    const onchange = ({ currentTarget }) => currentTarget.value && set(currentTarget.value);
    const field = (name, first, choices) =>
      h("select", { class: name, "aria-label": "Speed", onchange }, first, choices.map(option));
    const outside = MORE.concat(other).some(([speed]) => speed === live.speed);
    return [
      h("div", { class: "joined wide", role: "group", "aria-label": "Speed" },
        SPEEDS.map(([speed, text]) => button(text, () => set(speed), {
          "aria-pressed": String(speed === live.speed),
          title: speed === "jump" ? "Shift+J: from one due instant to the next" : `[ ]: ${text} real time`,
        })),
        field(`more${outside ? " chosen" : ""}`, !outside && h("option", { value: "" }, "More"), [...MORE, ...other])),
      field("narrow", null, [...SPEEDS, ...MORE, ...other]),
    ];
  }

  /** The next slower or faster speed of those that are numbers. */
  static beside(speed, step) {
    const rates = [...SPEEDS, ...MORE].map(([one]) => Number(one)).filter(Boolean).sort((a, b) => a - b);
    const rate = Number(speed) || (step > 0 ? 0 : Infinity);
    return step > 0 ? rates.find((one) => one > rate) : rates.findLast((one) => one < rate);
  }
}
customElements.define("sim-clock", Clock);

const BOX = { class: "glyph-icon", width: 12, height: 12, viewBox: "0 0 12 12", "aria-hidden": "true" };
const glyph = (data) => h("svg", BOX, h("path", { d: data }));
const bars = () => glyph("M2 1h3v10H2zM7 1h3v10H7z");
const triangle = () => glyph("M2 1l9 5-9 5z");

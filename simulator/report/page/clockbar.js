// The clock of a finished run: what time it was in there, how long that took, and that it cannot be moved any more.
// In: scene. Out: a tree. Virtual time has no label; real time says that it is real.
import { h } from "sim/dom.js";
import { durationText, isoText, minuteText, numberText, parseInstant, realText } from "sim/words.js";

export function finishedClock({ facts }) {
  const { virtual_start: start, virtual_end: end, real_seconds: real, compression } = facts.clock;
  const [from, to] = [parseInstant(start), parseInstant(end)];
  const instant = (at) => h("time", { datetime: isoText(at), title: isoText(at) }, minuteText(at));
  return [
    h("p", { class: "clock" }, instant(from), " – ", instant(to), h("span", { class: "zone" }, " UTC")),
    h("p", { class: "aside" }, `${durationText(to - from)} in ${realText(real * 1000)}`,
      compression >= 2 && `, ${numberText(compression)}×`, " · read-only"),
  ];
}

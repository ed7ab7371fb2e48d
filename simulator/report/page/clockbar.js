// The clock of a finished run: what time it was in there, how long that took, and that it cannot be moved any more.
// In: scene. Out: a tree. Virtual time has no label; real time says that it is real.
import { h } from "sim/dom.js";
import { instant } from "sim/instant.js";
import { durationText, minuteText, numberText, parseInstant, realText } from "sim/words.js";

export function finishedClock({ facts }) {
  const { virtual_start: start, virtual_end: end, real_seconds: real, compression } = facts.clock;
  const [from, to] = [parseInstant(start), parseInstant(end)];
  const whole = (at) => instant(at, minuteText(at));
  return [
    h("p", { class: "clock" }, whole(from), " – ", whole(to), h("span", { class: "zone" }, " UTC")),
    h("p", { class: "aside" }, `${durationText(to - from)} in ${realText(real * 1000)}`,
      compression >= 2 && `, ${numberText(compression)}×`, " · read-only"),
  ];
}

// Every key of the live page, in the one table that also makes the help. In: the parts. Out: bindings.
import { Clock } from "sim/clock.js";
import { Keys } from "sim/keys.js";
import { isoText } from "sim/words.js";

export function bindKeys({ shell, acts, close, live, pinned }) {
  const { timeline, list, inspector } = shell;
  const speed = (step) => {
    const found = Clock.beside(live().speed, step);
    if (found) acts.pace({ speed: found });
  };
  const next = () => acts.advance({ to: pinned() ? isoText(pinned()) : "next" });
  const resend = () => inspector.props.selected && acts.resend(inspector.props.selected.delivery);
  return new Keys([
    { keys: [" "], shown: "Space", name: "pause, run", run: () => acts.pace({ paused: !live().paused }) },
    { keys: ["n"], shown: "n", name: "advance to what is due next, or to the pinned instant", run: next },
    { keys: ["["], shown: "[", name: "slower", run: () => speed(-1) },
    { keys: ["]"], shown: "]", name: "faster", run: () => speed(1) },
    { keys: ["J"], shown: "Shift+J", name: "jump", run: () => acts.pace({ speed: "jump" }) },
    { shown: "← →", name: "previous, next attempt (in the timeline)" },
    { shown: "↑ ↓", name: "ladder above, below (in the timeline); row (in the list)" },
    { shown: "Shift+← Shift+→", name: "earlier, later (in the timeline)" },
    { keys: ["+", "="], shown: "+", name: "zoom in", run: () => timeline.move("in") },
    { keys: ["-", "–"], shown: "–", name: "zoom out", run: () => timeline.move("out") },
    { keys: ["0"], shown: "0", name: "whole run", run: () => timeline.move("whole") },
    { keys: ["f"], shown: "f", name: "frame the selection", run: () => timeline.move("frame") },
    { keys: ["g"], shown: "g", name: "follow now", run: () => timeline.tell("follow") },
    { keys: ["j"], shown: "j", name: "next delivery of the list", run: () => list.step(1) },
    { keys: ["k"], shown: "k", name: "previous delivery of the list", run: () => list.step(-1) },
    { keys: ["Enter"], shown: "Enter", name: "inspector", run: () => shell.open() },
    { keys: ["Escape"], shown: "Esc", name: "back", run: close },
    { keys: ["/"], shown: "/", name: "filter", run: () => shell.filter() },
    { keys: ["e"], shown: "e", name: "emit an event", run: () => shell.emit() },
    { keys: ["x"], shown: "x", name: "faults", run: () => shell.panel("faults") },
    { keys: ["s"], shown: "s", name: "subscriptions", run: () => shell.panel("subscriptions") },
    { keys: ["l"], shown: "l", name: "lessons", run: () => shell.lessons() },
    { keys: ["r"], shown: "r", name: "resend the selected delivery", run: resend },
  ]);
}

// Every key of the live page, in the one table that also makes the help. In: the parts. Out: bindings.
import { Clock } from "sim/clock.js";
import { Keys, listKeys, pictureKeys } from "sim/keys.js";
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
    ...pictureKeys(timeline),
    { keys: ["g"], shown: "g", name: "follow now", run: () => timeline.tell("follow") },
    ...listKeys({ list, close, open: () => inspector.read(), filter: () => shell.filter() }),
    { keys: ["e"], shown: "e", name: "emit an event", run: () => shell.open("emit") },
    { keys: ["x"], shown: "x", name: "faults", run: () => shell.panel("faults") },
    { keys: ["s"], shown: "s", name: "subscriptions", run: () => shell.panel("subscriptions") },
    { keys: ["l"], shown: "l", name: "lessons", run: () => shell.open("lessons") },
    { keys: ["r"], shown: "r", name: "resend the selected delivery", run: resend },
  ]);
}

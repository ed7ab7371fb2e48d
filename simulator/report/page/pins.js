// Instants to come, on a page whose clock can be moved: the pinned one, and the line of now that is dragged forward.
// In: the timeline and its props. Out: events `sim-advance`, `sim-say`. A report has no clock, and none of this.
import { patch } from "sim/dom.js";
import { AXIS } from "sim/layout.js";
import { durationText, instantText, isoText, SECOND } from "sim/words.js";

const JUMP_SHOWN = 1200; // real ms
const FLIP = 170; // px a label needs
const NO_WAY_BACK = "The clock never goes back";
const SENT = `${NO_WAY_BACK}; what was sent cannot be taken back`;

export const wholeSecond = (at) => Math.round(at / SECOND) * SECOND;

/** Where the pinned instant and the grip of now stand. */
export function drawPins(timeline) {
  const { pinned, scene } = timeline.props;
  if (!timeline.grip.dataset.held) {
    const now = timeline.layout.scale.x(scene.now);
    timeline.grip.hidden = now < timeline.layout.left || now > timeline.layout.right;
    timeline.grip.style.left = `${now}px`;
    timeline.grip.style.top = `${timeline.strip.offsetHeight}px`;
    drawPin(timeline, pinned, pinned && `in ${durationText(pinned - scene.now)} · ${instantText(pinned)}`);
  }
}

function drawPin(timeline, at, text) {
  const x = at ? timeline.layout.scale.x(at) : -1;
  const { left, right } = timeline.layout;
  timeline.pin.hidden = !at || x < left || x > right;
  timeline.pin.style.left = `${x}px`;
  timeline.pin.classList.toggle("flipped", x > right - FLIP);
  patch(timeline.pin.firstChild, text || "");
}

/** The stretch that was skipped, once. */
export function drawJump(timeline, from, to) {
  const { scale, left, right } = timeline.layout;
  const [start, end] = [from, to].map((at) => Math.min(right, Math.max(left, scale.x(at))));
  const band = document.createElement("div");
  band.className = "jumped";
  band.style.left = `${start}px`;
  band.style.width = `${end - start}px`;
  band.style.top = `${timeline.strip.offsetHeight + AXIS}px`;
  timeline.canvas.append(band);
  setTimeout(() => band.remove(), JUMP_SHOWN);
}

/** The line of now can be taken and drawn to the right; let go, the clock walks there. Never to the left. */
export function watchNow(timeline) {
  const { grip, canvas } = timeline;
  let wanted = null;
  const end = () => {
    delete grip.dataset.held;
    wanted = null;
    drawPins(timeline);
  };
  grip.addEventListener("pointerdown", (event) => {
    event.stopPropagation();
    grip.setPointerCapture(event.pointerId);
    grip.dataset.held = "true";
  });
  grip.addEventListener("pointermove", (event) => {
    if (!grip.dataset.held) return;
    const { scene } = timeline.props;
    const at = wholeSecond(timeline.layout.scale.at(event.clientX - canvas.getBoundingClientRect().left));
    const forward = at > scene.now;
    wanted = forward ? at : null;
    grip.style.left = `${timeline.layout.scale.x(Math.max(at, scene.now))}px`;
    const text = forward ? `+${durationText(at - scene.now)} · ${instantText(at)}` : NO_WAY_BACK;
    drawPin(timeline, Math.max(at, scene.now), text);
    grip.dataset.back = String(!forward && scene.now - at > SECOND * 10);
  });
  grip.addEventListener("pointerup", () => {
    if (wanted) timeline.tell("advance", { to: isoText(wanted) });
    else if (grip.dataset.back === "true") timeline.tell("say", { text: SENT, tone: "bad" });
    end();
  });
  grip.addEventListener("pointercancel", end);
}

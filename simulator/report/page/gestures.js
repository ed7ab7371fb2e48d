// Wheel, drag, pinch and hover over the timeline. In: pointer events. Out: calls to the timeline.
import { watchNow } from "sim/pins.js";
import { clamp, pan, zoom } from "sim/scale.js";

const CLICK = 4; // px a press may move and still be a click

export function watchPointer(timeline) {
  const { canvas, strip, lanes } = timeline;
  const fingers = new Map();
  let drag = null;
  const place = (event, box) => {
    const { left, top } = box.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };
  const run = () => timeline.props.scene.run;

  lanes.addEventListener("wheel", (event) => {
    const { layout, props } = timeline; // several turns of the wheel may come before the next drawing
    const closer = event.ctrlKey || event.metaKey;
    if (!closer && Math.abs(event.deltaX) <= Math.abs(event.deltaY)) return;
    event.preventDefault();
    const moved = closer
      ? zoom(props.window, Math.exp(event.deltaY * 0.0022), layout.scale.at(place(event, lanes).x), run())
      : pan(props.window, event.deltaX * layout.scale.perPx, run());
    timeline.tell("window", moved);
  }, { passive: false });

  lanes.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    fingers.set(event.pointerId, event);
    lanes.setPointerCapture(event.pointerId);
    const { window, scale } = timeline.layout;
    drag = { from: place(event, lanes), window, perPx: scale.perPx, moved: false };
    if (fingers.size === 2) drag.pinch = spread(fingers);
  });

  lanes.addEventListener("pointermove", (event) => {
    const here = place(event, lanes);
    if (fingers.has(event.pointerId)) fingers.set(event.pointerId, event);
    if (!fingers.size) {
      const found = timeline.hit(here.x, here.y);
      lanes.classList.toggle("over-mark", Boolean(found));
      return timeline.hover(here.x, found, timeline.layout.scale.at(here.x));
    }
    timeline.hover(null);
    if (drag.pinch) pinch(here);
    else slide(here);
  });

  function pinch(here) {
    if (fingers.size < 2) return;
    drag.moved = true;
    const middle = drag.window.from + (here.x - timeline.layout.left) * drag.perPx;
    timeline.tell("window", zoom(drag.window, drag.pinch / Math.max(20, spread(fingers)), middle, run()));
  }

  function slide(here) {
    drag.moved ||= Math.abs(here.x - drag.from.x) > CLICK;
    if (drag.moved) timeline.tell("window", pan(drag.window, (drag.from.x - here.x) * drag.perPx, run()));
  }

  const release = (event) => {
    fingers.delete(event.pointerId);
    if (fingers.size) return;
    const here = place(event, lanes);
    const at = timeline.layout.scale.at(here.x);
    if (event.type === "pointerup" && drag && !drag.moved) timeline.pick(timeline.hit(here.x, here.y), at);
    drag = null;
  };
  lanes.addEventListener("pointerup", release);
  lanes.addEventListener("pointercancel", release);
  lanes.addEventListener("dblclick", (event) => {
    const here = place(event, lanes);
    timeline.frameAt(timeline.hit(here.x, here.y));
  });

  // ---- the brush

  let grip = null;
  strip.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    strip.setPointerCapture(event.pointerId);
    const { x } = place(event, strip);
    const { window } = timeline.layout;
    const name = timeline.gripAt(x);
    const at = timeline.stripScale().at(x);
    const offset = name === "jump" ? (window.from + window.to) / 2 - at : 0;
    grip = { name: name === "jump" ? "move" : name, at: at + offset, window };
    if (offset) brush(at);
  });
  strip.addEventListener("pointermove", (event) => {
    const { x } = place(event, strip);
    const at = timeline.stripScale().at(x);
    if (grip) return brush(at);
    strip.dataset.grip = timeline.gripAt(x);
    timeline.hover(x, null, at);
  });
  const letGo = () => { grip = null; };
  strip.addEventListener("pointerup", letGo);
  strip.addEventListener("pointercancel", letGo);

  function brush(at) {
    const { name, window } = grip;
    if (name === "move") return timeline.tell("window", pan(window, at - grip.at, run()));
    const edges = { ...window, [name]: at };
    timeline.tell("window", clamp({ from: Math.min(edges.from, edges.to), to: Math.max(edges.from, edges.to) }, run()));
  }

  canvas.addEventListener("pointerleave", () => timeline.hover(null));
  watchNow(timeline);
}

function spread(fingers) {
  const [one, other] = [...fingers.values()];
  return Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);
}

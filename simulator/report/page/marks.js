// The shapes of the picture: one for each family of outcomes, as path data, so that a family is one node.
// In: a place and a radius. Out: path data and trees. Shape carries the outcome; the stylesheet's colour repeats it.
import { h } from "sim/dom.js";

export const round = (number) => Math.round(number * 10) / 10;

const ring = (x, y, r) => `M${round(x - r)} ${round(y)}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`;

function polygon(x, y, points) {
  return `M${points.map(([dx, dy]) => `${round(x + dx)} ${round(y + dy)}`).join("L")}z`;
}

function square(x, y, r) {
  const half = r * 0.92;
  return polygon(x, y, [[-half, -half], [half, -half], [half, half], [-half, half]]);
}

function triangle(x, y, r) {
  return polygon(x, y, [[0, -1.15 * r], [1.15 * r, 0.9 * r], [-1.15 * r, 0.9 * r]]);
}

function cross(x, y, r) {
  const [a, b] = [r * 0.98, r * 0.46];
  return polygon(x, y, [
    [-a, b - a], [b - a, -a], [0, -b], [a - b, -a], [a, b - a], [b, 0],
    [a, a - b], [a - b, a], [0, b], [b - a, a], [-a, a - b], [-b, 0],
  ]);
}

const diamond = (x, y, r) => polygon(x, y, [[0, -1.1 * r], [1.1 * r, 0], [0, 1.1 * r], [-1.1 * r, 0]]);

export const SHAPES = {
  ok: ring,
  bad: square,
  late: triangle,
  gone: cross,
  unknown: (x, y, r) => diamond(x, y, r * 0.85),
  wire: (x, y, r) => ring(x, y, r - 0.5) + ring(x, y, 1),
  due: (x, y, r) => ring(x, y, r - 0.5),
  // What stands beside a last mark, not in its place:
  exhausted: (x, y, r) => polygon(x + r + 2.5, y, [[-1, -r - 0.5], [1, -r - 0.5], [1, r + 0.5], [-1, r + 0.5]]),
  cancelled: (x, y, r) => polygon(x + r + 4.5, y, [[-2.5, -0.75], [2.5, -0.75], [2.5, 0.75], [-2.5, 0.75]]),
  dash: (x, y, r) => polygon(x, y, [[-r, -0.9], [r, -0.9], [r, 0.9], [-r, 0.9]]),
  // What is added to any mark:
  fault: (x, y, r) => polygon(x, y + r + 1.6, [[-r, -0.6], [r, -0.6], [r, 0.6], [-r, 0.6]]),
};

const ICONS = { exhausted: SHAPES.bad(5.5, 8, 4.2) + SHAPES.exhausted(5.5, 8, 4.5), dash: SHAPES.dash(8, 8, 5) };

/** One shape beside a word. */
export function icon(name, size = 16) {
  const path = h("path", { class: `mark ${name}`, d: ICONS[name] ?? SHAPES[name](8, 8, 4.6) });
  return h("svg", { width: size, height: size, viewBox: "0 0 16 16", "aria-hidden": "true" }, path);
}

/** Path data gathered by name: many marks, few nodes. */
export class Strokes {
  #paths = new Map();

  add(name, data, attempts = 0) {
    const path = this.#paths.get(name) ?? { data: [], attempts: 0 };
    path.data.push(data);
    path.attempts += attempts;
    this.#paths.set(name, path);
  }

  /** One path for each name, in the order given; what nobody drew is left out. Each says how many attempts it shows. */
  trees(names) {
    return names.filter((name) => this.#paths.has(name)).map((name) => {
      const { data, attempts } = this.#paths.get(name);
      return h("path", { class: `mark ${name}`, d: data.join(""), "data-attempts": attempts || null });
    });
  }
}

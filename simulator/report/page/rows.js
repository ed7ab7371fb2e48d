// Who stands where: lanes, ladders and their rows, clusters, neighbours.
// In: a scene. Out: values, in virtual time; px enter only where marks are gathered. Knows no SVG and no page.
import { MINUTE } from "sim/words.js";

export const ROOMY = 9; // rows up to which a lane has the wide pitch
export const DENSE = 20; // rows up to which a lane has rows at all
const STAY = 15 * MINUTE;

/** How long a row stays taken after its ladder: about one mark of the whole run, so that ladders do not touch. */
export const stayOf = (run) => Math.min(STAY * 4, (run.to - run.from) / 80);

/** One lane for each subscription. A ladder keeps its row whatever the window or the width. */
export function makeLanes(scene, stay = STAY) {
  const ladders = new Map(scene.subscriptions.map((one) => [one, []]));
  for (const delivery of scene.deliveries) {
    if (delivery.state === "filtered") continue;
    ladders.get(delivery.subscription)?.push(...laddersOf(delivery, scene));
  }
  return scene.subscriptions.map((subscription) => {
    const own = ladders.get(subscription).sort((a, b) => a.from - b.from || a.delivery.id - b.delivery.id);
    const rows = giveRows(own, stay);
    return { subscription, ladders: own, rows, crowded: rows > DENSE, marks: marksOf(own) };
  });
}

// ---- ladders

/** A ladder is one chain of a delivery: a resend starts a new one (R10). */
function laddersOf(delivery, scene) {
  const chains = new Map();
  for (const attempt of delivery.attempts) {
    if (!chains.has(attempt.chain)) chains.set(attempt.chain, []);
    chains.get(attempt.chain).push(attempt);
  }
  if (!chains.size) return [ladderOf(delivery, [], true, scene)];
  const lists = [...chains.values()];
  return lists.map((attempts, index) => ladderOf(delivery, attempts, index === lists.length - 1, scene));
}

function ladderOf(delivery, attempts, latest, scene) {
  const last = attempts.findLast((one) => !one.duplicate) ?? attempts.at(-1);
  const end = latest ? delivery.state : last.family === "ok" ? "delivered" : endOf(last, scene);
  const pending = end === "pending";
  return {
    delivery,
    attempts,
    end,
    due: pending ? delivery.nextDue : null,
    from: attempts[0]?.started ?? delivery.occurred,
    to: pending ? Infinity : settledAt(delivery, end, last?.ended ?? delivery.occurred),
    row: 0,
  };
}

/** A cancelled ladder was pending until its subscription went off: only then its row is free. */
function settledAt({ subscription }, end, ended) {
  const off = end === "cancelled" && subscription.disabled.find((one) => one.from >= ended);
  return off ? off.from : ended;
}

const endOf = (last, scene) => (last.position > scene.ladder.length ? "exhausted" : "cancelled");

/** First row that is free at the instant the ladder appears; beyond the limit they share the last one. */
function giveRows(ladders, stay) {
  const freeFrom = [];
  for (const ladder of ladders) {
    let row = freeFrom.findIndex((free) => free <= ladder.from);
    if (row < 0) row = Math.min(freeFrom.length, DENSE);
    freeFrom[row] = Math.max(freeFrom[row] ?? 0, ladder.to + stay);
    ladder.row = row;
  }
  return freeFrom.length;
}

// ---- marks in time order

function marksOf(ladders) {
  const marks = ladders.flatMap((ladder) => ladder.attempts.map((attempt) => ({ ladder, attempt })));
  marks.sort((a, b) => a.attempt.started - b.attempt.started || a.ladder.delivery.id - b.ladder.delivery.id);
  return { list: marks, at: Float64Array.from(marks, (mark) => mark.attempt.started) };
}

/** Index of the first mark at or after an instant. */
function firstFrom(marks, at) {
  let [low, high] = [0, marks.at.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (marks.at[middle] < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

export const span = (lane, window) => [firstFrom(lane.marks, window.from), firstFrom(lane.marks, window.to + 1)];

/** Ladders that touch the window (rows only: crowded lanes draw columns). */
export function laddersIn(lane, window, size) {
  return lane.ladders.filter((ladder) => {
    const last = Math.max(ladder.attempts.at(-1)?.started ?? ladder.from, ladder.due ?? 0);
    return ladder.from <= window.to + size && last >= window.from - size;
  });
}

/** Attempts of one ladder closer than one mark stand as one, the last in front. */
export function clusters(attempts, scale, size) {
  const found = [];
  let edge = -Infinity;
  for (const attempt of attempts) {
    const x = scale.x(attempt.started);
    if (x - edge < size) found.at(-1).attempts.push(attempt);
    else found.push({ attempts: [attempt], x });
    found.at(-1).x = x;
    edge = x;
  }
  return found;
}

// ---- walking

/** The neighbour of a selected attempt: along its ladder and on to the next one, or across rows and lanes. */
export function neighbour(lanes, selected, direction, keep) {
  const at = selected && locate(lanes, selected);
  if (!at) return first(lanes, keep);
  return direction === "left" || direction === "right"
    ? along(at, direction === "left" ? -1 : 1, keep)
    : across(lanes, at, direction === "up" ? -1 : 1, keep);
}

export function locate(lanes, { delivery, number }) {
  for (const lane of lanes) {
    for (const ladder of lane.ladders) {
      if (ladder.delivery.id !== delivery) continue;
      const index = ladder.attempts.findIndex((one) => one.number === number);
      if (index >= 0 || !number || !ladder.attempts.length) return { lane, ladder, index: Math.max(0, index) };
    }
  }
  return null;
}

const asSelection = (ladder, attempt) => ({ delivery: ladder.delivery.id, number: attempt?.number ?? null });

function first(lanes, keep) {
  for (const lane of lanes) {
    const ladder = lane.ladders.find((one) => one.attempts.length && keep(one.delivery));
    if (ladder) return asSelection(ladder, ladder.attempts[0]);
  }
  return null;
}

function along({ lane, ladder, index }, step, keep) {
  const attempt = ladder.attempts[index + step];
  if (attempt) return asSelection(ladder, attempt);
  const kept = lane.ladders.filter((one) => one === ladder || (one.attempts.length && keep(one.delivery)));
  const next = kept[kept.indexOf(ladder) + step];
  return next ? asSelection(next, next.attempts.at(step > 0 ? 0 : -1)) : null;
}

function across(lanes, { lane, ladder, index }, step, keep) {
  const at = ladder.attempts[index]?.started ?? ladder.from;
  const start = lanes.indexOf(lane);
  for (let number = start; lanes[number]; number += step) {
    const row = number === start ? ladder.row + step : step > 0 ? 0 : lanes[number].rows - 1;
    const found = number === start && lane.crowded ? null : nearestFrom(lanes[number], row, step, at, keep);
    if (found) return found;
  }
  return null;
}

function nearestFrom(lane, row, step, at, keep) {
  for (let here = row; here >= 0 && here < lane.rows; here += step) {
    let [best, distance] = [null, Infinity];
    for (const ladder of lane.ladders) {
      if ((!lane.crowded && ladder.row !== here) || !keep(ladder.delivery)) continue;
      for (const attempt of ladder.attempts) {
        const away = Math.abs(attempt.started - at);
        if (away < distance) [best, distance] = [asSelection(ladder, attempt), away];
      }
    }
    if (best) return best;
  }
  return null;
}

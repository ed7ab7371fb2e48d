// Where the parts of the picture stand: heights of lanes, rows or columns, what lies under the pointer.
// In: lanes, a window and a width. Out: px. The height of a lane depends on its data alone, so zoom moves nothing.
import { DENSE, ROOMY, laddersIn, span } from "sim/rows.js";
import { makeScale } from "sim/scale.js";

const GUTTER = 176; // names of lanes, where there is room beside them
const MARGIN = 12;
const NARROW = 640;
const BAND = 18; // flags and names of faults, above the rows
const HEAD = 20; // the name above the lane, where there is no gutter
const LANE_MIN = 42;
const LANE_EMPTY = 26; // nothing was sent yet: the name is enough
const LANE_MAX = 168;
const COLUMNS_BODY = 92;
const NEAR = 12;

export const AXIS = 36;
export const LETTER = 6.1; // px a letter takes at 11 px, on average
const MARKS_LIMIT = 1500; // visible attempts above which the fullest lanes become columns

export function makeLayout(lanes, window, width) {
  const narrow = width < NARROW;
  const left = narrow ? 8 : GUTTER;
  const scale = makeScale(window, left, width - MARGIN);
  const inColumns = lanesInColumns(lanes, window);
  let top = AXIS;
  const placed = lanes.map((lane) => {
    const place = placeLane(lane, top, narrow ? HEAD : 0, inColumns.has(lane));
    top += place.height;
    return place;
  });
  return { window, width, narrow, left, right: width - MARGIN, scale, lanes: placed, height: top + 1 };
}

/** Crowded lanes, then the fullest ones, until what is left can be drawn mark by mark. */
function lanesInColumns(lanes, window) {
  const counts = lanes.map((lane) => {
    const [low, high] = span(lane, window);
    return { lane, visible: high - low };
  });
  const found = new Set(lanes.filter((lane) => lane.crowded));
  let single = counts.reduce((sum, one) => sum + (found.has(one.lane) ? 0 : one.visible), 0);
  for (const { lane, visible } of counts.sort((a, b) => b.visible - a.visible)) {
    if (single <= MARKS_LIMIT) break;
    if (found.has(lane)) continue;
    found.add(lane);
    single -= visible;
  }
  return found;
}

function placeLane(lane, top, head, inColumns) {
  const pitch = lane.rows <= ROOMY ? 12 : Math.min(8, (LANE_MAX - BAND) / Math.min(lane.rows, DENSE));
  const rows = lane.crowded ? COLUMNS_BODY : lane.rows * pitch + 4;
  const height = lane.ladders.length ? head + Math.max(BAND + rows, head ? LANE_MIN - HEAD : LANE_MIN) : LANE_EMPTY;
  const body = top + head + BAND;
  return {
    lane, top, head, height, body, pitch, inColumns,
    bottom: top + height,
    size: pitch === 12 ? 9 : 7,
    y: (ladder) => body + (ladder.row + 0.5) * pitch,
    baseline: body + Math.round((top + height - body) * 0.62),
  };
}

/** The attempt (or the ring to come) under a point, or the lane's name; null where there is nothing. */
export function hit(layout, x, y, keep) {
  const place = layout.lanes.find((one) => y >= one.top && y < one.bottom);
  if (!place) return null;
  if (x < layout.left - 6 || y < place.top + place.head) return { subscription: place.lane.subscription };
  return place.inColumns ? hitColumn(layout, place, x, keep) : hitRow(layout, place, x, y, keep);
}

function hitRow(layout, place, x, y, keep) {
  let [best, nearest] = [null, NEAR];
  const consider = (ladder, attempt, at, handicap) => {
    const away = Math.hypot(layout.scale.x(at) - x, place.y(ladder) - y) + handicap;
    if (away < nearest) [best, nearest] = [{ ladder, attempt, x: layout.scale.x(at), y: place.y(ladder) }, away];
  };
  for (const ladder of laddersIn(place.lane, layout.window, 0)) {
    const handicap = keep(ladder.delivery) ? 0 : 4;
    for (const attempt of ladder.attempts) consider(ladder, attempt, attempt.started, handicap);
    if (ladder.due) consider(ladder, null, ladder.due, handicap);
    if (!ladder.attempts.length && !ladder.due) consider(ladder, null, ladder.from, handicap);
  }
  return best;
}

function hitColumn(layout, place, x, keep) {
  const [low, high] = span(place.lane, { from: layout.scale.at(x - 6), to: layout.scale.at(x + 6) });
  let [best, nearest] = [null, Infinity];
  for (let index = low; index < high; index += 1) {
    const mark = place.lane.marks.list[index];
    const away = Math.abs(layout.scale.x(mark.attempt.started) - x) + (keep(mark.ladder.delivery) ? 0 : 100);
    if (away < nearest) [best, nearest] = [{ ...mark, x, y: place.baseline }, away];
  }
  return best;
}

"""The pure modules of the page, asked where they run: words, scale, shapes, layout (ui: sections 4, 8, 10)."""

from __future__ import annotations

import pytest
from looking import OpenReport, Report, asked

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]


async def test_instants_and_durations_read_as_people_write_them(open_report: OpenReport, document: Report) -> None:
    page = await open_report(document)
    said = await asked(page, """
      const { parseInstant, instantText, isoText, durationText, realText, SECOND } = await sim("words");
      const at = "2026-03-07T23:04:12.250001Z";
      return {
        instant: instantText(parseInstant(at)), iso: isoText(parseInstant(at)),
        whole: isoText(parseInstant("2026-03-07T23:04:12Z")),
        durations: [0.25, 30, 252, 330, 84930, 187200].map((seconds) => durationText(seconds * SECOND)),
        exact: durationText(84930 * SECOND, 3), real: [0, 2.25, 18, 1420, 10002].map(realText),
      };
    """)  # fmt: skip
    assert said == {
        "instant": "Sat 7 Mar 23:04:12.250001",
        "iso": "2026-03-07T23:04:12.250001Z",
        "whole": "2026-03-07T23:04:12Z",
        "durations": ["0.25 s", "30 s", "4 m 12 s", "5 m 30 s", "23 h 35 m", "2 d 4 h"],
        "exact": "23 h 35 m 30 s",
        "real": ["0 ms real", "2.3 ms real", "18 ms real", "1.4 s real", "10 s real"],
    }


async def test_an_outcome_is_its_status_only_where_the_status_tells_it(
    open_report: OpenReport, document: Report
) -> None:
    """R1, R2: a 200 whose body never ended, or was garbled, is no success."""
    page = await open_report(document)
    said = await asked(page, """
      const { outcomeText } = await sim("words");
      const told = [["success", 200], ["server_error", 503], ["redirect", 302], ["informational", 103],
        ["body_timeout", 200], ["malformed", 200], ["reset", 200], ["malformed", 999], ["connect_timeout", null],
        ["dns", null]];
      return told.map(([outcome, status]) => outcomeText({ ended_at: "2026-03-06T17:00:00Z", outcome, status }));
    """)  # fmt: skip
    answers = ["200", "503", "302", "103"]
    assert said == [*answers, "body timeout", "malformed", "reset", "malformed", "connect timeout", "DNS"]


async def test_labels_of_the_axis_never_touch(open_report: OpenReport, document: Report) -> None:
    page = await open_report(document)
    closest = await asked(
        page,
        """
      const { makeScale, ticks } = await sim("scale");
      let closest = Infinity;
      for (const width of [320, 390, 720, 1102, 2000]) {
        for (let span = 60e6; span < 30 * 86400e6; span *= 1.37) {
          const window = { from: 17e14, to: 17e14 + span };
          const scale = makeScale(window, 0, width);
          const { at } = ticks(window, scale, 84);
          for (let i = 1; i < at.length; i += 1) closest = Math.min(closest, scale.x(at[i]) - scale.x(at[i - 1]));
        }
      }
      return closest;
    """,
    )
    assert closest >= 84


async def test_every_family_has_its_own_shape(open_report: OpenReport, document: Report) -> None:
    page = await open_report(document)
    shapes = await asked(
        page,
        """
      const { SHAPES } = await sim("marks");
      return ["ok", "bad", "late", "gone", "unknown", "wire", "dash"].map((name) => SHAPES[name](0, 0, 4.5));
    """,
    )
    assert len(set(shapes)) == len(shapes)


async def test_above_fifteen_hundred_visible_attempts_the_fullest_lanes_become_columns(
    open_report: OpenReport, document: Report
) -> None:
    page = await open_report(document)
    found = await asked(
        page,
        """
      const { makeLayout } = await sim("layout");
      const instants = (attempts) => Float64Array.from({ length: attempts }, (_, at) => at);
      const lane = ([attempts, rows]) => ({
        rows, crowded: rows > 20, ladders: [{}], marks: { at: instants(attempts) },
      });
      const layout = (lanes) => makeLayout(lanes.map(lane), { from: 0, to: 1e9 }, 1000);
      return argument.map((lanes) => layout(lanes).lanes.map((one) => one.inColumns));
    """,
        [[[1500, 5]], [[1501, 5]], [[900, 5], [1000, 5], [10, 1]], [[1, 21]]],
    )
    assert found == [[False], [True], [False, True, False], [True]]

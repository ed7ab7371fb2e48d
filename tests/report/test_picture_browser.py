"""The picture in a real browser: what enters is drawn, nothing jumps, and it stays small (ui: sections 4, 7, 11)."""

from __future__ import annotations

from copy import deepcopy

import pytest
from looking import OpenReport, Report, asked, attempts_within, drawn, look, nodes, settle, window
from sample_document import HOUR, LADDER

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]


@pytest.mark.parametrize("query", ["", "?q=sub:crm", "?q=state:exhausted"])
async def test_attempts_in_are_attempts_drawn_or_counted(open_report: OpenReport, document: Report, query: str) -> None:
    page = await open_report(document, address=query.replace("?", "#"))
    assert await drawn(page) == attempts_within(document)
    for start, end in [(0, 0.1), (0.05, 0.08), (0.3, 0.9), (0.42, 0.4205), (0.9, 1), (0, 1)]:
        await look(page, start, end)
        inside = await asked(
            page,
            """
          const { window, scene } = timeline.props;
          return scene.deliveries.flatMap((one) => one.attempts)
            .filter((one) => one.started >= window.from && one.started <= window.to).length;
        """,
        )
        assert await drawn(page) == inside, (start, end)
        assert await drawn(page, "svg.strip") == attempts_within(document)


@pytest.mark.parametrize("span", [(0, 1), (0.2, 0.4), (0.5, 0.501)])
async def test_ten_thousand_deliveries_are_few_nodes(
    open_report: OpenReport, big: Report, span: tuple[float, float]
) -> None:
    page = await open_report(big, address="#d=5000")
    await look(page, *span)
    assert await nodes(page, "svg.picture") <= 400
    assert await nodes(page, ".rows") <= 400
    if span == (0, 1):
        assert await drawn(page) == 50_000
        assert await page.locator(".found").inner_text() == "10,000 deliveries"


async def test_a_ladder_keeps_its_row_and_a_row_never_holds_two_ladders_at_once(
    open_report: OpenReport, document: Report
) -> None:
    page = await open_report(document)
    rows = """
      const ladders = timeline.props.lanes.flatMap((lane) => lane.ladders);
      return ladders.map((one) => [one.delivery.subscription.name, one.row, one.from, one.to]);
    """
    before = await asked(page, rows)
    await look(page, 0.1, 0.12)
    await page.set_viewport_size({"width": 390, "height": 844})
    await settle(page)
    assert await asked(page, rows) == before
    taken: dict[tuple[str, int], float] = {}
    for name, row, start, end in sorted(before, key=lambda one: one[2]):
        assert taken.get((name, row), 0) <= start
        taken[name, row] = float("inf") if end is None else end


async def test_lanes_out_of_sight_are_not_drawn_but_on_paper_all_are(open_report: OpenReport, document: Report) -> None:
    crm = document["subscriptions"][0]
    own = [one for one in document["deliveries"] if one["subscription_id"] == crm["id"]]
    subscriptions = [{**crm, "id": str(n), "name": f"crm-{n}"} for n in range(40)]
    deliveries = [
        {**one, "id": n * 100 + one["id"], "subscription_id": str(n)}
        for n in range(40)
        for one in own
        if one["id"] < 30
    ]
    page = await open_report({**document, "subscriptions": subscriptions, "deliveries": deliveries, "expectations": []})
    lanes = page.locator("svg.picture .lane")
    assert 0 < await lanes.count() < 20
    assert await nodes(page, "svg.picture") <= 400
    await page.mouse.wheel(0, 1200)
    await page.wait_for_function("() => document.querySelector('.lane').dataset.subscription !== '0'")
    assert await nodes(page, "svg.picture") <= 400
    await page.emulate_media(media="print")
    await settle(page)
    assert await lanes.count() == 40


async def test_the_same_state_gives_the_same_picture(open_report: OpenReport, document: Report) -> None:
    page = await open_report(document)
    assert await asked(
        page,
        """
      const [{ drawPicture }, { makeLayout }, { makeScene }, { makeLanes, stayOf }] =
        await Promise.all(["picture", "layout", "scene", "rows"].map(sim));
      const draw = () => {
        const scene = makeScene(JSON.parse(document.getElementById("report").textContent));
        const lanes = makeLanes(scene, stayOf(scene.run));
        const layout = makeLayout(lanes, scene.run, 1000);
        return JSON.stringify(drawPicture({ scene, layout, selected: null, keep: () => true, nowLabel: "now" }));
      };
      return draw() === draw();
    """,
    )


async def test_a_disabled_lane_has_no_ring_to_come(open_report: OpenReport, document: Report) -> None:
    """Where the reading `disable_cancels_pending` is false, deliveries stay pending while their subscription is off."""
    changed = deepcopy(document)
    page = await open_report(changed)
    assert await page.locator("[data-subscription] .mark.due").count() == 1
    designs = next(one for one in changed["subscriptions"] if one["name"] == "designs")
    designs |= {"enabled": False, "disabled_at": changed["clock"]["virtual_end"], "disabled_reason": "by hand"}
    page = await open_report({**changed})
    assert await page.locator(".picture .mark.due").count() == 0
    assert await page.locator(".picture .mark.rail-due").count() == 0


async def test_faults_disabling_and_enabling_are_named_in_the_lane(open_report: OpenReport, document: Report) -> None:
    page = await open_report(document)
    labels = await page.locator(".picture .label").all_text_contents()
    assert labels == ["refuse · 6 h", "disabled · 100 of 100 failed", "enabled", "503 · 2 h"]
    assert await page.locator("svg.picture").get_attribute("aria-label") == (
        f"Timeline from Fri 6 Mar 16:08 to Mon 9 Mar 03:21; 3 subscriptions, {attempts_within(document)} attempts; "
        "41 delivered, 2 pending, 4 exhausted, 17 cancelled; 2 faults; disabled for a time: jobs"
    )


async def test_a_lane_near_the_disable_rule_says_how_near(open_report: OpenReport, document: Report) -> None:
    """92 failing attempts of the last 48 h without a success: the lane and its count carry it (R7)."""
    changed = deepcopy(document)
    one = next(one for one in changed["deliveries"] if len(one["attempts"]) == len(LADDER) + 1)
    failing = {**one["attempts"][0], "started_at": "2026-03-08T20:00:00Z", "ended_at": "2026-03-08T20:00:00Z"}
    one["attempts"] = [{**failing, "number": number} for number in range(1, 93)]
    changed["deliveries"] = [one]
    page = await open_report(changed)
    assert "92 of 100 in 48 h" in (await page.locator('[data-subscription] .name >> text="92 of 100"').or_(
        page.locator(".picture .name", has_text="jobs")).first.text_content() or "")  # fmt: skip
    assert await page.locator("sim-counts button", has_text="92 of 100 in 48 h").count() == 1


# ---- zoom, pan, brush


async def test_keys_and_buttons_zoom_and_return_to_the_whole_run(open_report: OpenReport, document: Report) -> None:
    page = await open_report(document)
    whole = await window(page)
    span = whole["to"] - whole["from"]
    await page.keyboard.press("+")
    await settle(page)
    assert (await window(page))["to"] - (await window(page))["from"] == pytest.approx(span / 2, rel=0.01)
    await page.get_by_role("button", name="Zoom in").click()
    await page.keyboard.press("-")
    await settle(page)
    assert (await window(page))["to"] - (await window(page))["from"] == pytest.approx(span / 2, rel=0.01)
    await page.get_by_role("button", name="6 h", exact=True).click()
    await settle(page)
    assert (await window(page))["to"] - (await window(page))["from"] == 6 * HOUR * 1_000_000
    assert await page.get_by_role("button", name="6 h", exact=True).get_attribute("aria-pressed") == "true"
    await page.get_by_role("button", name="Later").click()
    await page.keyboard.press("0")
    await settle(page)
    assert await window(page) == whole


async def test_the_wheel_scrolls_the_page_and_with_ctrl_zooms_at_the_pointer(
    open_report: OpenReport, document: Report
) -> None:
    page = await open_report(document)
    whole = await window(page)
    box = await page.locator("svg.picture").bounding_box()
    assert box is not None
    x, y = box["x"] + 700, box["y"] + 60
    await page.mouse.move(x, y)
    at = "return timeline.layout.scale.at(argument);"
    before = await asked(page, at, 700)
    await page.keyboard.down("Control")
    await page.mouse.wheel(0, -400)
    await page.keyboard.up("Control")
    span = (
        "(whole) => { const { window } = document.querySelector('sim-timeline').layout; return window.to < whole.to; }"
    )
    await page.wait_for_function(span, arg=whole)
    assert await asked(page, at, 700) == pytest.approx(before, abs=whole["to"] / 1e9)
    zoomed = await window(page)
    await page.mouse.wheel(0, 200)
    await page.wait_for_function("() => scrollY > 0")
    assert await window(page) == zoomed


async def test_dragging_pans_the_lanes_and_moves_or_resizes_the_brush(
    open_report: OpenReport, document: Report
) -> None:
    page = await open_report(document)
    await look(page, 0.2, 0.4)
    start = await window(page)
    picture = await page.locator("svg.picture").bounding_box()
    strip = await page.locator("svg.strip").bounding_box()
    assert picture is not None
    assert strip is not None

    async def drag(x: float, y: float, by: float) -> dict[str, float]:
        await page.mouse.move(x, y)
        await page.mouse.down()
        await page.mouse.move(x + by / 2, y)
        await page.mouse.move(x + by, y)
        await page.mouse.up()
        await settle(page)
        return await window(page)

    panned = await drag(picture["x"] + 600, picture["y"] + 140, -200)
    assert panned["from"] > start["from"]
    assert panned["to"] - panned["from"] == pytest.approx(start["to"] - start["from"], abs=2)
    brush = await page.locator(".brush").bounding_box()
    assert brush is not None
    moved = await drag(brush["x"] + brush["width"] / 2, strip["y"] + 20, 150)
    assert moved["from"] > panned["from"]
    assert moved["to"] - moved["from"] == pytest.approx(start["to"] - start["from"], abs=2)
    brush = await page.locator(".brush").bounding_box()
    assert brush is not None
    wider = await drag(brush["x"] + brush["width"], strip["y"] + 20, 80)
    assert wider["from"] == moved["from"]
    assert wider["to"] > moved["to"]
    jumped = await drag(strip["x"] + 260, strip["y"] + 20, 0)
    assert jumped["from"] < start["from"]


async def test_a_click_on_a_mark_selects_and_a_double_click_frames_its_ladder(
    open_report: OpenReport, document: Report
) -> None:
    page = await open_report(document)
    box = await page.locator("svg.picture").bounding_box()
    spot = await asked(
        page,
        """
      const { placeOf } = await sim("picture");
      const one = timeline.props.scene.deliveries.find((one) => one.state === "exhausted");
      const { x, y } = placeOf(timeline.layout, timeline.props.lanes, { delivery: one.id, number: 6 });
      return { x, y, id: one.id, first: one.attempts[0].started, last: one.attempts[5].started };
    """,
    )
    assert box is not None
    x, y = box["x"] + spot["x"], box["y"] + spot["y"]
    await page.mouse.move(x, y)
    assert f"Delivery {spot['id']}" in await page.locator(".tip").inner_text()
    assert "attempt 6 of 6, 500" in await page.locator(".tip").inner_text()
    await page.mouse.dblclick(x, y)
    await settle(page)
    assert await page.locator("sim-inspector h2").inner_text() == f"Delivery {spot['id']} exhausted"
    shown = await window(page)
    assert shown["from"] < spot["first"] < spot["last"] < shown["to"]
    assert f"d={spot['id']}.6" in page.url


async def test_two_fingers_zoom_and_one_pans(open_report: OpenReport, document: Report) -> None:
    page = await open_report(document, width=390)
    await page.locator("svg.picture").scroll_into_view_if_needed()
    box = await page.locator("svg.picture").bounding_box()
    assert box is not None
    y = box["y"] + 90
    protocol = await page.context.new_cdp_session(page)

    async def touch(kind: str, *xs: float) -> None:
        points = [{"x": x, "y": y, "id": number} for number, x in enumerate(xs)]
        await protocol.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    whole = await window(page)
    await touch("touchStart", 150, 200)
    await touch("touchMove", 130, 220)
    await touch("touchMove", 110, 240)
    await touch("touchEnd")
    await settle(page)
    zoomed = await window(page)
    assert zoomed["to"] - zoomed["from"] < (whole["to"] - whole["from"]) / 2
    await touch("touchStart", 150)
    await touch("touchMove", 180)
    await touch("touchMove", 210)
    await touch("touchEnd")
    await settle(page)
    assert (await window(page))["from"] < zoomed["from"]


async def test_a_selection_from_the_list_comes_into_the_window(open_report: OpenReport, document: Report) -> None:
    page = await open_report(document)
    await look(page, 0, 0.1)
    await page.locator(".rows").focus()
    await page.keyboard.press("End")
    await settle(page)
    assert await page.locator(".chosen-mark").count() == 1

"""`simulator.plan.picture`: attempts over time as SVG."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest
from plan_cases import emit, happening, inject
from plan_engine import run_course
from plan_inquiries import inquire

from simulator.cli.planning import make_plan
from simulator.domain.fault import FaultKind
from simulator.plan.figures import count
from simulator.plan.picture import HEIGHT, MOST_TICKS, WIDTH, draw_load


def svg_of(plan) -> ET.Element:
    drawn = draw_load(plan)
    return ET.fromstring(drawn[: drawn.index("</svg>") + 6])


@pytest.fixture(scope="module")
def disabled():
    return make_plan(inquire("60h", rate="6/h", length="6d", recover="1d"))


def rectangles(svg: ET.Element, name: str) -> list[tuple[float, float]]:
    """Left edge and width of every rectangle of this class."""
    return [(float(one.get("x")), float(one.get("width"))) for one in svg if one.get("class") == name]


def test_an_outage_and_a_disabled_span_lie_where_they_were(disabled):
    svg, length = svg_of(disabled), disabled.end - disabled.start
    (outage,), ((disabling,),) = disabled.outages, (one.disablings for one in disabled.subscriptions)
    for name, since, until in (
        ("outage", outage.since, outage.until),
        ("disabled", disabling.at, disabling.enabled_at),
    ):
        ((left, width),) = rectangles(svg, name)
        assert left == pytest.approx((since - disabled.start) / length * WIDTH, abs=0.06)
        assert width == pytest.approx((until - since) / length * WIDTH, abs=0.06)


def test_failing_stands_up_and_delivered_hangs_down(disabled):
    paths = {one.get("class"): one.get("d") for one in svg_of(disabled) if one.get("class") in ("failed", "delivered")}
    for name, bars in (
        ("failed", sum(one.failed > 0 for one in disabled.load)),
        ("delivered", sum(one.attempts > one.failed for one in disabled.load)),
    ):
        heights = [float(text) for text in re.findall(r"v(-?[\d.]+)h", paths[name])]
        assert len(heights) == bars
        assert all((height < 0) is (name == "failed") for height in heights)
        assert max(map(abs, heights)) <= HEIGHT / 2


def test_what_never_ends_runs_to_the_edge():
    plan = count(run_course(happening(inject(FaultKind.REFUSE, 0), emit(0)))[0], {})
    assert rectangles(svg_of(plan), "outage") == [(0.0, WIDTH)]


def test_the_picture_has_a_name_in_words(disabled):
    assert svg_of(disabled).get("aria-label") == (
        f"{disabled.counts.attempts:,} attempts over time, {disabled.counts.failed_attempts:,} of them fail"
    )


@pytest.mark.parametrize("length", ["10m", "2d", "30d", "900d"])
def test_ticks_are_few_and_their_texts_stay_inside(length):
    svg = svg_of(make_plan(inquire(rate="1/d" if "d" in length else "1/s", length=length)))
    assert 1 <= sum(one.get("class") == "tick" for one in svg) <= MOST_TICKS + 1
    assert all(float(one.get("x")) < WIDTH - 50 for one in svg if one.tag == "text")


def test_a_plan_in_which_nothing_happens_is_drawn_too():
    plan = count(run_course(happening())[0], {})
    assert svg_of(plan).get("viewBox")

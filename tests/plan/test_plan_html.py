"""`simulator.plan.html`: one file, no network, no script, and nothing in it acts as markup."""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser

import pytest
from plan_cases import emit, happening, inject
from plan_engine import run_course
from plan_inquiries import inquire

from simulator.cli.planning import make_plan
from simulator.domain.fault import FaultKind
from simulator.plan.figures import count
from simulator.plan.html import html_plan
from simulator.plan.wording import say_headline

VOID = {"meta", "path", "rect"}


class Reader(HTMLParser):
    """Reads a page, and says what stands open at its end and what it asks for."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.addresses: list[str] = []
        self.texts: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs) -> None:
        self.tags.add(tag)
        self.addresses += [value or "" for name, value in attrs if name in {"src", "href", "style"}]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data) -> None:
        self.texts.append(data)


@pytest.fixture(scope="module")
def page() -> str:
    return html_plan(
        make_plan(inquire("60h", rate="6/h", length="6d", recover="1d", mix="project_created,lead_changed"))
    )


def test_it_is_well_formed_and_asks_for_nothing(page):
    read = Reader(page)
    assert read.open == []
    assert read.addresses == []
    assert "script" not in read.tags
    assert "url(" not in page
    assert "http://" not in page
    assert "https://" not in page


def test_its_policy_allows_this_one_stylesheet_and_nothing_else(page):
    (style,) = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', page)
    allowed = b64encode(sha256(style.encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{allowed}'; base-uri 'none'; form-action 'none'"


def test_it_tells_what_the_text_tells(page):
    plan = make_plan(inquire("60h", rate="6/h", length="6d", recover="1d", mix="project_created,lead_changed"))
    texts = " ".join(Reader(page).texts)
    assert say_headline(plan) in texts
    for said in (f"{plan.counts.attempts:,}", f"{plan.counts.missed:,}", "lead_changed", "Fri 09 Jan 21:00:00", "%2C"):
        assert said in texts
    for one in plan.subscriptions:
        assert f"{one.counts.exhausted:,}" in texts


def test_a_plan_without_outages_says_so():
    texts = Reader(html_plan(make_plan(inquire(rate="1/d")))).texts
    assert "There is no outage that ends." in texts
    assert "Nothing is ever disabled." in texts


def test_hostile_names_stay_text():
    name = '"><script>alert(1)</script>&amp;'
    scenario = happening(inject(FaultKind.REFUSE, 0, 60), emit(0))
    scenario = replace(scenario, subscriptions=(replace(scenario.subscriptions[0], name=name),))
    course, foresight = run_course(
        replace(scenario, timeline=(replace(scenario.timeline[0], subscription=name), emit(0)))
    )
    page = html_plan(count(course, {name: name}, [name, *foresight.refusals]))
    assert "<script" not in page
    read = Reader(page)
    assert read.open == []
    assert read.texts.count(name) >= 3

"""How statuses join: order and repetition of what was said never change what is known."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.receivers.catalogue import CATALOGUE, KINDS
from simulator.receivers.kinds import ANY, NOTHING, UNCLEAR, Event, Says, Status

if TYPE_CHECKING:
    from simulator.receivers.kinds import Kind


AGREEMENT, PROJECT, APP = KINDS["agreement"], KINDS["project"], KINDS["app"]


def statuses(kind: Kind) -> st.SearchStrategy[Status]:
    """Every status that an event, an unfamiliar provider or a join could produce."""
    texts = st.sampled_from(["Won", "Lost", "archived", UNCLEAR, ANY, *kind.order])
    return st.one_of(st.just(NOTHING), texts.map(kind.reported), st.sampled_from(kind.order).map(kind.fixed))


kinds_with_three_statuses = st.sampled_from(CATALOGUE).flatmap(
    lambda kind: st.tuples(st.just(kind), statuses(kind), statuses(kind), statuses(kind))
)


@given(kinds_with_three_statuses)
def test_a_join_forgets_order_grouping_and_repetition(drawn: tuple[Kind, Status, Status, Status]) -> None:
    """R11: order is not guaranteed, duplicates happen."""
    kind, a, b, c = drawn
    assert kind.join(a, a) == a
    assert kind.join(a, b) == kind.join(b, a)
    assert kind.join(kind.join(a, b), c) == kind.join(a, kind.join(b, c))
    assert kind.join(NOTHING, a) == a


@given(kinds_with_three_statuses)
def test_knowledge_never_goes_back(drawn: tuple[Kind, Status, Status, Status]) -> None:
    kind, a, b, _ = drawn
    assert kind.join(a, b).rank >= max(a.rank, b.rank)


@pytest.mark.parametrize(
    ("said", "known"),
    [
        (["sent", "viewed", "signed"], "signed"),
        (["signed", "viewed", "sent"], "signed"),
        (["viewed", "sent"], "viewed"),
        (["cancel-pending", "canceled"], "canceled"),
        (["canceled", "cancel-pending", "viewed"], "canceled"),
        (["viewed", "declined", "sent"], "declined"),
        (["signed", "declined"], "signed"),
        (["signed", "canceled"], "canceled"),
        (["canceled", "signed"], "canceled"),
        (["error", "sent"], "error"),
        (["error", "signed"], "signed"),
        (["viewed", "archived"], "viewed"),
        (["archived", "viewed"], "viewed"),
        (["archived"], "archived"),
    ],
)
def test_an_agreement_ends_where_it_would_end_in_life(said: list[str], known: str) -> None:
    assert reduce(AGREEMENT.join, map(AGREEMENT.reported, said), NOTHING).text == known


def test_an_open_status_is_itself_while_only_one_was_said() -> None:
    once = PROJECT.join(PROJECT.fixed("created"), PROJECT.reported("In Progress"))
    assert once.text == "In Progress"
    assert PROJECT.join(once, PROJECT.reported("In Progress")) == once


def test_two_open_statuses_cannot_be_ordered_and_must_be_read_back() -> None:
    assert PROJECT.join(PROJECT.reported("Won"), PROJECT.reported("Lost")).text == UNCLEAR
    assert APP.join(APP.reported("enabled"), APP.reported("disabled")).text == UNCLEAR


def test_a_deleted_project_stays_deleted() -> None:
    gone = PROJECT.fixed("deleted")
    assert PROJECT.join(gone, PROJECT.reported("Won")) == gone
    assert PROJECT.after_look(gone, "Won") == gone


def test_a_project_whose_status_is_called_deleted_is_not_deleted() -> None:
    """E1: a project status can be any string."""
    assert PROJECT.reported("deleted") != PROJECT.fixed("deleted")
    assert PROJECT.join(PROJECT.reported("deleted"), PROJECT.reported("Won")).text == UNCLEAR


@pytest.mark.parametrize("text", [UNCLEAR, ANY, "created"])
def test_no_open_status_is_mistaken_for_a_place_in_the_order(text: str) -> None:
    assert PROJECT.must_look(PROJECT.reported(text))


def test_a_look_settles_what_events_left_unclear() -> None:
    unclear = PROJECT.fixed(UNCLEAR)
    assert PROJECT.after_look(unclear, "Lost") == PROJECT.reported("Lost")
    assert PROJECT.after_look(NOTHING, "Lost") == PROJECT.reported("Lost")


def test_a_look_never_takes_an_ordered_status_back() -> None:
    assert AGREEMENT.after_look(AGREEMENT.fixed("signed"), "viewed").text == "signed"
    assert AGREEMENT.after_look(AGREEMENT.fixed("viewed"), "signed").text == "signed"


@pytest.mark.parametrize(
    ("kind", "text", "look"),
    [
        (AGREEMENT, "sent", False),
        (AGREEMENT, "archived", True),
        (PROJECT, "In Progress", True),
        (APP, "enabled", True),
    ],
)
def test_what_is_not_understood_or_may_come_again_is_read_back(kind: Kind, text: str, look: bool) -> None:
    assert kind.must_look(kind.reported(text)) is look


def test_a_status_outside_the_order_is_no_fixed_status() -> None:
    with pytest.raises(ValueError, match="not in tuple"):
        AGREEMENT.fixed("archived")


@pytest.mark.parametrize(
    ("when", "said", "work"),
    [
        (None, Status(2, "created"), "download"),
        (None, None, "download"),
        ("signed", Status(2, "signed"), "download"),
        ("signed", Status(2, "viewed"), None),
        ("signed", None, None),
    ],
)
def test_one_time_work_waits_for_its_status(when: str | None, said: Status | None, work: str | None) -> None:
    assert Event("any", Says.STATUS, when=when, once="download").work(said) == work

"""Two views of one request: joined where counting and time leave one answer, named side by side where they do not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from simulator.dashboard.compare import Got, Row, Sent, compare

BASE = "http://127.0.0.1:4"


def sent(seq: int, at: int = 0, path: str = "/in?id=1", **more: Any) -> Sent:
    """An attempt that was answered 200 at once."""
    attempt = Sent(seq, seq, 1, "s", "GET", BASE + path, None, at, at, "success", 200, "")
    return replace(attempt, **more)


def got(number: int, path: str = "/in", query: str = "id=1", **more: Any) -> Got:
    return replace(Got(number, "GET", path, query, "applied", 200), **more)


def pairs(rows: list[Row]) -> list[tuple[int | None, int | None]]:
    return [(row.sent and row.sent.seq, row.got and row.got.number) for row in rows]


FAILED = {"outcome": "server_error", "status": 503}
LOST = {"outcome": "headers_timeout", "status": None, "fault": "lost_response", "ended_at": 10}


def test_what_looks_alike_once_on_each_side_is_one() -> None:
    assert pairs(compare([sent(1), sent(2, path="/in?id=2")], [got(1), got(2, query="id=2")])) == [(1, 1), (2, 2)]


def test_retries_of_one_delivery_arrive_in_their_order() -> None:
    first, second = sent(1, 0, delivery_id=7, **LOST), sent(2, 40, delivery_id=7, number=2)
    rows = compare([first, second], [got(1), got(2, decision="duplicate")])
    assert pairs(rows) == [(1, 1), (2, 2)]
    assert [row.disagrees for row in rows] == [True, False]


def test_deliveries_that_are_apart_in_time_are_told_apart() -> None:
    assert pairs(compare([sent(1, 0), sent(2, 60)], [got(1), got(2)])) == [(1, 1), (2, 2)]


def test_deliveries_that_overlap_are_not_guessed_at() -> None:
    rows = compare([sent(1, 0, ended_at=5), sent(2, 5)], [got(1), got(2)])
    assert pairs(rows) == [(None, 1), (None, 2)]
    assert all([one.seq for one in row.candidates] == [1, 2] for row in rows)


def test_counts_that_do_not_match_are_not_guessed_at() -> None:
    rows = compare([sent(1, 0), sent(2, 60)], [got(5)])
    assert pairs(rows) == [(None, 5)]
    assert (len(rows[0].candidates), rows[0].note) == (2, "2 attempts look like this, and 1 request")


def test_a_timeout_that_may_have_arrived_is_joined_only_if_the_count_says_so() -> None:
    silent = sent(1, 0, outcome="headers_timeout", status=None, ended_at=10, delivery_id=7)
    retry = sent(2, 40, delivery_id=7)
    assert pairs(compare([silent, retry], [got(1), got(2)])) == [(1, 1), (2, 2)]
    assert pairs(compare([silent, retry], [got(1)])) == [(1, None), (2, 1)]


def test_what_a_fault_answered_never_arrived() -> None:
    rows = compare([sent(1, 0, outcome="server_error", status=503, fault="status"), sent(2, 60)], [got(1)])
    assert pairs(rows) == [(1, None), (2, 1)]
    assert rows[0].note == "never arrived"


def test_a_refusal_of_the_receiver_is_agreed_upon() -> None:
    (row,) = compare([sent(1, outcome="client_error", status=401)], [got(1, decision="refused", status=401)])
    assert not row.disagrees


def test_a_receiver_that_failed_after_it_worked_disagrees() -> None:
    (row,) = compare([sent(1, **FAILED)], [got(1)])
    assert (row.disagrees, row.note) == (True, "acknowledgement lost: applied there, failed here")


def test_what_is_sent_as_a_body_is_compared_as_a_body() -> None:
    posted = sent(1, path="", method="POST", body='{"message":"X"}')
    assert pairs(compare([posted], [got(1, "/", '{"message":"X"}', method="POST")])) == [(1, 1)]


@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.integers(0, 2), st.sampled_from(["", "refuse", "lost_response"])), max_size=9
    ),
    st.lists(st.integers(0, 3), max_size=9),
)
def test_every_attempt_and_every_request_stands_in_the_table(
    attempts: list[tuple[int, int, str]], requests: list[int]
) -> None:
    """A request stands in one row; an attempt in a row of its own, or among candidates."""
    known = [sent(seq, at, f"/in?id={which}", fault=fault) for seq, (which, at, fault) in enumerate(attempts, start=1)]
    found = [got(number, query=f"id={which}") for number, which in enumerate(requests, start=1)]
    rows = compare(known, found)
    assert sorted(row.got.number for row in rows if row.got) == [one.number for one in found]
    alone = [row.sent.seq for row in rows if row.sent]
    among = {one.seq for row in rows for one in row.candidates}
    assert len(alone) == len(set(alone))
    assert {*alone, *among} == {one.seq for one in known}
    assert not among.intersection(alone)

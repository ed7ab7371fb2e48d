"""`engine/settlement`: a landing becomes a decision, a row and an entry in the due index."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from specimens_engine import a_flight, a_landing, a_subscription, an_event
from stage import START, status, with_readings

from simulator.domain.delivery import Delivery, Rung, State
from simulator.domain.fault import Fault, FaultKind
from simulator.domain.health import Health
from simulator.domain.instant import SECOND
from simulator.domain.provider import Profile
from simulator.engine.roster import Roster
from simulator.engine.settlement import Settlement
from simulator.providers.aurora import AURORA
from simulator.store.ledger import Ledger
from simulator.store.pending import Pending
from simulator.store.queries import pending_deliveries

NINETY_NINE = Health(failures=(START,) * 99, failing_since=START)
LATER = 5 * SECOND
DUPLICATES = Fault("twice", FaultKind.DUPLICATE, START, until=START + LATER, delay_us=LATER)


class Office:
    """A settlement with everything it writes to."""

    def __init__(self, profile: Profile = AURORA, *faults: Fault, seed: int = 0) -> None:
        self.roster, self.pending, self.ledger = Roster(profile), Pending(), Ledger()
        self.disabled: list[tuple[str, str]] = []
        self.roster.put(a_subscription())
        self.ledger.add_event(an_event())
        self.ledger.add_delivery(Delivery(1, 1, "id-crm", 1, State.PENDING, due_at=START))
        self.settlement = Settlement(
            profile,
            self.roster,
            self.pending,
            self.ledger,
            faults=lambda: faults,
            seed=seed,
            disable=lambda *which: self.disabled.append(which),
        )

    def settle(self, code: int, rung: Rung | None = None, *, stopped: str = "", took_us: int = 0) -> State:
        flight = replace(a_flight(rung=rung), stopped=stopped)
        return self.settlement.settle(a_landing(flight, status(code), took_us=took_us))

    @property
    def waiting(self) -> Rung | None:
        return self.pending.of_subscription("id-crm").get(1)

    def rows(self) -> list[dict[str, Any]]:
        self.ledger.commit()
        return list(self.ledger.db.query("SELECT * FROM attempts ORDER BY seq"))


@pytest.fixture
def office() -> Iterator[Office]:
    office = Office()
    yield office
    office.ledger.close()


def test_a_success_delivers_and_waits_for_nothing_more_r1(office: Office) -> None:
    assert office.settle(200) is State.DELIVERED
    assert office.waiting is None
    assert office.roster.health("id-crm") == Health(last_success=START)


def test_a_failure_waits_for_the_next_rung_r3(office: Office) -> None:
    assert office.settle(503, took_us=2 * SECOND) is State.PENDING
    assert office.waiting == Rung(START + 32 * SECOND, number=2, position=2)
    assert office.roster.health("id-crm").failures == (START + 2 * SECOND,)


def test_the_last_failure_exhausts_r3(office: Office) -> None:
    assert office.settle(503, Rung(START, number=6, position=6)) is State.EXHAUSTED
    assert office.waiting is None


def test_the_ledger_would_fold_to_the_same_due_index_r14(office: Office) -> None:
    office.settle(503)
    office.ledger.commit()
    assert list(pending_deliveries(office.ledger.db)) == [(1, "id-crm", office.waiting)]


def test_the_record_holds_everything_about_the_attempt_s14(office: Office) -> None:
    office.settle(503, Rung(START - 1, number=2, position=2), took_us=SECOND)
    (row,) = office.rows()
    expected = {
        "delivery_id": 1,
        "subscription_id": "id-crm",
        "number": 2,
        "position": 2,
        "revision": 1,
        "due_at": START - 1,
        "started_at": START,
        "ended_at": START + SECOND,
        "method": "GET",
        "url": "http://127.0.0.1:9/crm?id=7",
        "outcome": "server_error",
        "status": 503,
        "state": "pending",
        "next_due_at": START + 301 * SECOND,
    }
    assert {name: row[name] for name in expected} == expected


def test_the_hundredth_failure_says_whom_to_disable_and_why_r7(office: Office) -> None:
    office.roster.set_health("id-crm", NINETY_NINE)
    assert office.settle(503) is State.CANCELLED
    ((subscription_id, reason),) = office.disabled
    assert subscription_id == "id-crm"
    assert reason == "auto-disabled: 100 attempts within 48 h and no success among them (R7)"
    assert office.waiting is None


def test_the_ninety_ninth_says_nothing_r7(office: Office) -> None:
    office.roster.set_health("id-crm", replace(NINETY_NINE, failures=NINETY_NINE.failures[1:]))
    office.settle(503)
    assert office.disabled == []


def test_what_was_stopped_meanwhile_is_recorded_and_not_retried_r6(office: Office) -> None:
    assert office.settle(503, stopped="disabled by the customer (R6)") is State.CANCELLED
    assert office.waiting is None
    assert office.rows()[0]["reason"] == "disabled by the customer (R6)"


@pytest.mark.parametrize("gone", ["disabled", "deleted"])
def test_a_subscription_that_is_no_longer_enabled_is_not_disabled_a_second_time_r7(office: Office, gone: str) -> None:
    former = office.roster.get("id-crm")
    office.roster.put(
        former.deleted(START) if gone == "deleted" else former.revised(replace(former.definition, enabled=False), START)
    )
    office.roster.set_health("id-crm", NINETY_NINE)
    office.settle(503, stopped="it is gone")
    assert office.disabled == []


def test_a_subscription_that_was_moved_is_still_disabled_by_its_hundredth_failure_r5_r7(office: Office) -> None:
    office.roster.set_health("id-crm", NINETY_NINE)
    office.settle(503, stopped="the subscription was moved to another event (R5)")
    assert len(office.disabled) == 1


# R11: duplicates


@pytest.fixture
def doubling() -> Iterator[Office]:
    office = Office(AURORA, DUPLICATES)
    yield office
    office.ledger.close()


def test_after_a_success_a_duplicate_waits_where_a_fault_wants_it_r11(doubling: Office) -> None:
    assert doubling.settle(200, Rung(START, number=3, position=3)) is State.DELIVERED
    assert doubling.waiting == Rung(START + LATER, number=4, position=3, duplicate=True)


@pytest.mark.parametrize(
    ("code", "rung", "stopped"),
    [
        (503, Rung(START, position=6), ""),  # nothing was delivered
        (200, Rung(START, number=2, duplicate=True), ""),  # it is one itself
        (200, Rung(START), "disabled by the customer (R6)"),  # nobody wants it any more
    ],
)
def test_otherwise_there_is_no_duplicate_r11(doubling: Office, code: int, rung: Rung, stopped: str) -> None:
    doubling.settle(code, rung, stopped=stopped)
    assert doubling.waiting is None


def test_a_failing_duplicate_leaves_what_was_delivered_delivered_r11(doubling: Office) -> None:
    assert doubling.settle(503, Rung(START, number=2, duplicate=True)) is State.DELIVERED
    assert doubling.waiting is None


def test_outside_its_window_a_fault_duplicates_nothing_r11() -> None:
    office = Office(AURORA, replace(DUPLICATES, since=START + 1))
    office.settle(200)
    assert office.waiting is None
    office.ledger.close()


# R4: jitter


def test_jitter_is_drawn_for_each_attempt_by_seed_r4() -> None:
    def retries(seed: int) -> list[int]:
        office = Office(with_readings(retry_jitter=0.5), seed=seed)
        instants = []
        for number in range(1, 6):
            office.settle(503, Rung(START, number=number))
            assert office.waiting
            instants.append(office.waiting.due_at - START)
        office.ledger.close()
        return instants

    assert retries(1) == retries(1) != retries(2)
    assert len(set(retries(1))) == 5
    assert all(15 * SECOND <= instant <= 45 * SECOND for instant in retries(1))

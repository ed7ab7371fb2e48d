"""`simulator.plan.backlog`: what is due departs in order, in waves, and never more than may be under way."""

from __future__ import annotations

from itertools import count

import pytest

from simulator.domain.delivery import Rung
from simulator.domain.order import EVENT, RETRY
from simulator.domain.subscription import Definition, Subscription
from simulator.plan import backlog as module
from simulator.plan.backlog import AIRSPACE, WAVE, Backlog
from simulator.plan.foreseen import Foreseen, Listener
from simulator.plan.instants import Instants


class Yard:
    """A backlog whose departures are kept: when, and which deliveries. They land when the test says so."""

    def __init__(self) -> None:
        self.instants = Instants(0)
        self.hang()
        self.departed: list[tuple[int, list[int]]] = []
        self.lands_at_once = True
        self.listener = Listener(Subscription("id", "demo", "crm", 1, Definition(("lead_changed",), "http://x"), 0, 0))
        self._ids = count(1)

    def hang(self) -> None:
        self.backlog = Backlog(self.instants)
        self.backlog.depart = self._depart

    def wait(self, due_at: int, number: int = 1) -> Foreseen:
        delivery = Foreseen(next(self._ids), self.listener, "lead_changed", 0)
        self.listener.deliveries.append(delivery)
        self.backlog.add(delivery, Rung(due_at, number))
        self.backlog.arm()
        return delivery

    def _depart(self, due) -> None:
        self.departed.append((self.instants.now, [delivery.id for _, delivery in due]))
        if self.lands_at_once:
            self.backlog.landed(len(due))


@pytest.fixture
def yard() -> Yard:
    return Yard()


def test_departures_are_in_order_of_due_instant_then_delivery(yard):
    for due_at in (20, 10, 20, 10):
        yard.wait(due_at)
    yard.instants.run()
    assert yard.departed == [(10, [2, 4]), (20, [1, 3])]


def test_what_is_dropped_never_departs(yard):
    dropped, kept = yard.wait(10), yard.wait(10)
    yard.backlog.drop(dropped)
    yard.backlog.drop(dropped)
    yard.instants.run()
    assert yard.departed == [(10, [kept.id])]
    assert dropped.waiting is None


def test_a_further_rung_supersedes_the_one_before(yard):
    """R10."""
    delivery = yard.wait(30)
    yard.backlog.add(delivery, Rung(10, number=2))
    yard.backlog.arm()
    yard.instants.run()
    assert yard.departed == [(10, [delivery.id])]


def test_the_same_rung_again_after_it_was_dropped(yard):
    delivery = yard.wait(10)
    yard.backlog.drop(delivery)
    yard.backlog.add(delivery, Rung(10, chain=2))
    yard.instants.run()
    assert yard.departed == [(10, [delivery.id])]


def test_dropping_all_of_a_subscription_tells_what_waited_in_order_of_delivery(yard):
    """R6."""
    waited = [yard.wait(due_at) for due_at in (30, 10, 20)]
    dropped = yard.backlog.drop_all(yard.listener)
    assert [(delivery, rung.due_at) for delivery, rung in dropped] == list(zip(waited, (30, 10, 20), strict=True))
    yard.instants.run()
    assert [ids for _, ids in yard.departed if ids] == []


def test_a_herd_departs_in_waves_before_the_events_of_its_instant(yard):
    for _ in range(2 * WAVE + 1):
        yard.wait(10)
    yard.instants.at(10, EVENT, lambda: yard.departed.append((10, ["event"])))
    yard.instants.run()
    assert [len(ids) for _, ids in yard.departed] == [WAVE, WAVE, 1, 1]
    assert yard.departed[-1] == (10, ["event"])


def test_no_more_depart_than_may_be_under_way(yard, monkeypatch):
    monkeypatch.setattr(module, "AIRSPACE", 3)
    yard.hang()
    yard.lands_at_once = False
    for _ in range(5):
        yard.wait(10)
    yard.instants.at(25, RETRY, lambda: yard.backlog.landed(3))
    yard.instants.run()
    assert yard.departed == [(10, [1, 2, 3]), (25, [4, 5])]
    assert AIRSPACE == 4 * WAVE

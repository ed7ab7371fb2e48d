"""`engine/dispatcher`: an event becomes deliveries, decided at its instant (E2, E3)."""

from __future__ import annotations

from itertools import count

from specimens_engine import a_subscription, an_event, wanting
from stage import START

from simulator.domain.delivery import Delivery, State
from simulator.domain.event import Event
from simulator.domain.fault import Fault, FaultKind
from simulator.domain.instant import SECOND
from simulator.domain.subscription import Subscription
from simulator.engine.dispatcher import dispatch
from simulator.providers import AURORA

CREATED = an_event(name="project_created", PROJECT_ID="p", SOURCE="app")


def dispatched(*to: Subscription, event: Event = CREATED, faults: tuple[Fault, ...] = ()) -> list[Delivery]:
    return dispatch(AURORA, event, to, faults, seed=0, next_id=count(41).__next__)


def test_each_subscription_gets_a_delivery_of_its_own_due_at_the_event_e2() -> None:
    first, second = dispatched(a_subscription("a"), a_subscription("b"))
    assert first == Delivery(41, 1, "id-a", 1, State.PENDING, due_at=START)
    assert (second.id, second.subscription_id, second.due_at) == (42, "id-b", START)


def test_nobody_listens_so_nothing_begins() -> None:
    assert dispatched() == []


def test_a_refused_event_leaves_a_record_that_names_the_filter_e3() -> None:
    (refused,) = dispatched(a_subscription(filters=wanting("SOURCE", "api")))
    assert (refused.state, refused.due_at) == (State.FILTERED, None)
    assert refused.reason == 'filter SOURCE wants "api"; the event has "app" (E3)'


def test_filters_look_at_attributes_that_are_not_in_the_template_e3() -> None:
    (passed,) = dispatched(a_subscription(filters=wanting("SOURCE", "api", "app")))
    assert passed.state is State.PENDING


def test_a_disabled_subscription_leaves_a_record_and_gets_nothing_r8() -> None:
    (missed,) = dispatched(a_subscription(enabled=False))
    assert (missed.state, missed.due_at) == (State.CANCELLED, None)
    assert missed.reason == "the subscription was disabled when the event occurred (R8)"


def test_what_a_filter_refuses_was_not_missed_by_a_disabled_subscription_e3_r8() -> None:
    (refused,) = dispatched(a_subscription(enabled=False, filters=wanting("SOURCE", "api")))
    assert refused.state is State.FILTERED


def test_a_delivery_names_the_revision_it_was_decided_under_s14() -> None:
    subscription = a_subscription()
    (delivery,) = dispatched(subscription.revised(subscription.definition, START))
    assert delivery.revision == 2


def test_a_reorder_fault_holds_the_first_attempt_back_and_says_so_r11() -> None:
    fault = Fault("f", FaultKind.REORDER, START, subscription_id="id-a", delay_us=60 * SECOND)
    held, at_once = dispatched(a_subscription("a"), a_subscription("b"), faults=(fault,))
    assert (held.due_at, held.fault) == (START + 60 * SECOND, "reorder")
    assert held.reason == "held back so that later events overtake it (R11)"
    assert (at_once.due_at, at_once.fault, at_once.reason) == (START, "", "")


def test_other_faults_and_other_windows_hold_nothing_back_r11() -> None:
    faults = (
        Fault("over", FaultKind.REORDER, START - SECOND, until=START),
        Fault("later", FaultKind.REORDER, START + 1),
        Fault("retries", FaultKind.REORDER, START, positions=frozenset({2})),
        Fault("other", FaultKind.REFUSE, START),
    )
    (delivery,) = dispatched(a_subscription(), faults=faults)
    assert delivery.due_at == START

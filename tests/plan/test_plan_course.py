"""`simulator.plan.course`: the sender's behaviour, clause by clause, without a loop, a clock or a disk.

That it is the engine's behaviour is for `test_plan_agreement.py` to prove; here stands what a reader wants to see.
"""

from __future__ import annotations

import gc
from collections.abc import Mapping
from dataclasses import replace

import pytest

from simulator.domain.delivery import State
from simulator.domain.fault import Fault, FaultKind
from simulator.domain.instant import DAY, HOUR, SECOND
from simulator.domain.order import CHANGE, EVENT
from simulator.domain.reasons import ASLEEP
from simulator.errors import Invalid, NotFound, Refused
from simulator.plan.course import Course
from simulator.plan.foreseen import Foreseen
from simulator.providers import AURORA

START = 1_772_816_400 * SECOND
LADDER = [0, 30, 330, 2_130, 12_930, 84_930]  # R3: where six instantly failing attempts stand
EVENT_NAME = "project_status_changed"


class Stage:
    """A course with one subscription, and the words in which these tests speak of it. Seconds count from `START`."""

    def __init__(self, **readings: object) -> None:
        profile = replace(AURORA, readings=replace(AURORA.readings, **readings))
        self.course = Course(profile, start=START)
        self.subscriptions = self.course.subscriptions
        self.id = self.subscribe()

    def subscribe(self, event: str = EVENT_NAME, **words: object) -> str:
        asked = {**AURORA.suggest(event, "https://receiver.example"), **words}
        return self.subscriptions.register("demo", asked, name="crm")

    def at(self, seconds: float, happen, *given, rank: int = CHANGE) -> None:
        self.course.instants.at(START + round(seconds * SECOND), rank, lambda: happen(*given))

    def emit(self, seconds: float, attributes: Mapping[str, str] | None = None) -> None:
        self.at(seconds, lambda: self.course.emit("demo", EVENT_NAME, lambda: attributes or {}), rank=EVENT)

    def away(self, seconds: float = 0, lasts: float | None = None, kind: FaultKind = FaultKind.REFUSE) -> None:
        since = START + round(seconds * SECOND)
        fault = Fault(f"{kind}-{seconds}", kind, since, None if lasts is None else since + round(lasts * SECOND))
        self.at(seconds, self.course.inject, fault)

    def run(self) -> list[Foreseen]:
        self.course.run()
        return self.course.deliveries


def starts(delivery: Foreseen) -> list[float]:
    return [(attempt.started_at - START) / SECOND for attempt in delivery.attempts]


@pytest.fixture
def stage() -> Stage:
    return Stage()


def test_an_event_is_delivered_at_its_instant_when_nothing_stands_in_its_way(stage):
    stage.emit(5)
    (delivery,) = stage.run()
    assert (delivery.state, starts(delivery), delivery.delivered_at) == (State.DELIVERED, [5], START + 5 * SECOND)


def test_a_receiver_that_stays_away_meets_six_attempts_at_the_rungs_of_the_ladder(stage):
    """R3."""
    stage.away()
    stage.emit(0)
    (delivery,) = stage.run()
    assert (delivery.state, starts(delivery)) == (State.EXHAUSTED, LADDER)
    assert delivery.settled_at == START + 84_930 * SECOND


def test_the_first_attempt_after_the_outage_delivers(stage):
    stage.away(lasts=3_600)
    stage.emit(0)
    (delivery,) = stage.run()
    assert (delivery.state, starts(delivery)) == (State.DELIVERED, LADDER[:5])


@pytest.mark.parametrize(("reading", "rungs"), [("end", [0, 40, 350, 2_160]), ("start", [0, 30, 330, 2_130])])
def test_after_a_timeout_the_delay_runs_from_the_end_unless_the_reading_says_otherwise(reading, rungs):
    """R4: a timeout takes ten seconds."""
    stage = Stage(retry_delay_from=reading)
    stage.away(lasts=2_000, kind=FaultKind.TIMEOUT)
    stage.emit(0)
    (delivery,) = stage.run()
    assert starts(delivery) == rungs


def test_the_hundredth_failing_attempt_within_48_hours_disables(stage):
    """R7, R8."""
    stage.away()
    for number in range(100):
        stage.emit(number)
    deliveries = stage.run()
    (listener,) = stage.subscriptions.listeners
    (disabling,) = listener.disablings
    failed = sorted(attempt.ended_at for delivery in deliveries for attempt in delivery.attempts)
    assert len(failed) == 100
    assert (disabling.at, disabling.automatic, disabling.missed) == (failed[99], True, 100 - len(started(deliveries)))
    assert disabling.cancelled == len(started(deliveries))
    assert not listener.subscription.enabled


def started(deliveries: list[Foreseen]) -> list[Foreseen]:
    return [delivery for delivery in deliveries if delivery.attempts]


def test_enabling_starts_the_count_afresh_and_later_events_are_delivered(stage):
    """R9."""
    stage.away(lasts=3_600)
    for number in range(100):
        stage.emit(number)
    stage.at(7_200, stage.subscriptions.enable, stage.id)
    stage.emit(7_300)
    *_, last = stage.run()
    (listener,) = stage.subscriptions.listeners
    assert last.state is State.DELIVERED
    assert listener.disablings[0].enabled_at == START + 7_200 * SECOND
    assert listener.health.failures == ()


def test_events_that_occur_while_it_is_disabled_are_not_delivered_later(stage):
    """R8."""
    stage.at(10, stage.subscriptions.disable, stage.id)
    stage.emit(20)
    stage.at(30, stage.subscriptions.enable, stage.id)
    (delivery,) = stage.run()
    assert (delivery.state, delivery.reason, delivery.attempts) == (State.CANCELLED, AURORA.because(ASLEEP), [])


def test_disabling_cancels_what_waits_for_good(stage):
    """R6."""
    stage.away(lasts=10)
    stage.emit(0)
    stage.at(20, stage.subscriptions.disable, stage.id)
    stage.at(25, stage.subscriptions.enable, stage.id)
    (delivery,) = stage.run()
    assert (delivery.state, starts(delivery)) == (State.CANCELLED, [0])


def test_where_disabling_does_not_cancel_the_subscription_is_asked_when_the_retry_is_due():
    """R6, reading `disable_cancels_pending`."""
    stage = Stage(disable_cancels_pending=False)
    stage.away(lasts=10)
    stage.emit(0)
    stage.at(20, stage.subscriptions.disable, stage.id)
    stage.at(25, stage.subscriptions.enable, stage.id)
    (delivery,) = stage.run()
    assert (delivery.state, starts(delivery)) == (State.DELIVERED, [0, 30])


def test_a_filter_that_refuses_is_told_and_asks_for_the_attributes(stage):
    """E3."""
    stage.subscribe(filters=[{"url_parameter": "STATUS", "value": ["Sold"]}])
    stage.emit(0, {"PROJECT_ID": "7", "STATUS": "On Hold"})
    passed, refused = stage.run()
    assert (passed.state, refused.state) == (State.DELIVERED, State.FILTERED)
    assert refused.reason == 'filter STATUS wants "Sold"; the event has "On Hold" (E3)'


def test_attributes_are_worked_out_only_where_a_filter_asks(stage):
    def never() -> Mapping[str, str]:
        raise AssertionError("nobody needs them")

    stage.at(0, stage.course.emit, "demo", EVENT_NAME, never, rank=EVENT)
    assert [delivery.state for delivery in stage.run()] == [State.DELIVERED]


def test_moving_it_to_another_event_drops_what_waits(stage):
    """R5."""
    stage.away()
    stage.emit(0)
    words = AURORA.suggest("project_created", "https://receiver.example")
    stage.at(10, stage.subscriptions.update, stage.id, words)
    (delivery,) = stage.run()
    assert (delivery.state, delivery.reason) == (
        State.CANCELLED,
        "the subscription was moved to another event (R5)",
    )


def test_a_deleted_subscription_hears_nothing_and_can_be_changed_no_more(stage):
    stage.at(10, stage.subscriptions.delete, stage.id)
    stage.emit(20)
    assert stage.run() == []
    with pytest.raises(NotFound, match="was deleted"):
        stage.subscriptions.enable(stage.id)


def test_the_sixth_subscription_of_an_event_is_refused(stage):
    """S9."""
    for _ in range(4):
        stage.subscribe()
    with pytest.raises(Invalid, match="has 5 subscriptions in this tenant already"):
        stage.subscribe()


def test_a_resend_is_a_fresh_chain_with_further_numbers(stage):
    """R10."""
    stage.away(lasts=DAY / SECOND)
    stage.emit(0)
    stage.at(DAY / SECOND, lambda: stage.course.resend(stage.course.deliveries[0]), rank=EVENT)
    (delivery,) = stage.run()
    assert [(one.number, one.chain, one.position) for one in delivery.attempts][5:] == [
        (6, 1, 6),
        (7, 2, 1),
    ]
    assert (delivery.state, delivery.delivered_at) == (State.DELIVERED, START + DAY)


def test_a_resend_is_refused_after_thirty_days(stage):
    """R10."""
    stage.emit(0)
    (delivery,) = stage.run()
    stage.at(31 * DAY / SECOND, stage.course.resend, delivery)
    with pytest.raises(Refused, match="occurred more than 30 days ago"):
        stage.run()


def test_a_fault_that_is_cleared_ends_then(stage):
    stage.away(lasts=HOUR / SECOND)
    stage.emit(0)
    stage.at(20, stage.course.clear, lambda _: True)
    (delivery,) = stage.run()
    assert starts(delivery) == [0, 30]
    assert [window.until for window in stage.course.windows] == [START + 20 * SECOND]


def test_garbage_is_collected_again_afterwards(stage):
    assert gc.isenabled()
    stage.run()
    assert gc.isenabled()


def test_every_attempt_has_the_request_of_the_definition_that_was_the_latest_then():
    """E8."""
    course = Course(AURORA, start=START, requests=True)
    words = {"event": "project_created", "url_template": "https://receiver.example/a?id=<PROJECT_ID>"}
    made = course.subscriptions.register("demo", words, name="crm")
    moved = {"url_template": "https://receiver.example/b?id=<PROJECT_ID>"}
    attributes = dict.fromkeys(AURORA.catalogue["project_created"].attributes, "7 & 8")
    course.inject(Fault("away", FaultKind.REFUSE, START))
    course.instants.at(START, EVENT, lambda: course.emit("demo", "project_created", lambda: attributes))
    course.instants.at(START + 60 * SECOND, CHANGE, lambda: course.subscriptions.update(made, moved))
    course.run()
    urls = [attempt.request.url for attempt in course.deliveries[0].attempts]
    assert [url.split("?")[0][-2:] for url in urls] == ["/a", "/a", "/b", "/b", "/b", "/b"]
    assert urls[-1] == "https://receiver.example/b?id=7%20%26%208"

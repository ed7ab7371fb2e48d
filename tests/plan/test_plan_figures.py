"""`simulator.plan.figures`: every number of a plan, held against sums made by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest
from plan_cases import at, emit, happening, inject, tripped_by
from plan_engine import START, run_course
from plan_inquiries import inquire
from plan_sums import LADDER, attempts, lateness, within

from simulator.cli.planning import make_plan
from simulator.domain.fault import FaultKind
from simulator.domain.instant import DAY, HOUR, SECOND
from simulator.plan.figures import count
from simulator.plan.model import Counts, Lateness, Plan
from simulator.scenario.scenario import Scenario
from simulator.scenario.timeline import Delete, Disable, Enable, Resend


def plan_of(scenario: Scenario) -> Plan:
    course, foresight = run_course(scenario)
    return count(course, {}, foresight.refusals)


@pytest.fixture(scope="module")
def hour() -> Plan:
    """An event a minute for two days, and an hour without a receiver after one day: sixty events are late."""
    return make_plan(inquire("1h@1d", rate="1/m", length="2d"))


LATE = [HOUR // SECOND - minute * 60 for minute in range(60)]
"""Seconds from each of the sixty events until the receiver is back."""


def test_counts_of_an_outage_of_an_hour(hour):
    assert hour.counts == Counts(
        deliveries=2_880,
        attempts=2_880 - 60 + sum(map(attempts, LATE)),
        failed_attempts=sum(map(attempts, LATE)) - 60,
        delivered=2_880,
        on_time=2_820,
        late=60,
    )
    assert hour.events == 2_880
    assert hour.missed == ()


def test_lateness_is_that_of_the_late_ones_by_nearest_rank(hour):
    late = sorted(map(lateness, LATE))
    assert hour.lateness == Lateness(within(late, 50) * SECOND, within(late, 95) * SECOND, late[-1] * SECOND)


def test_how_many_each_rung_delivers_and_how_many_are_delivered_within_it(hour):
    """R3."""
    by_rung = [sum(lateness(one) == rung for one in LATE) for rung in LADDER]
    by_rung[0] = 2_820
    assert [rung.delivered for rung in hour.rungs] == by_rung
    assert [rung.within for rung in hour.rungs] == [sum(by_rung[: place + 1]) for place in range(6)]
    assert [rung.delay_us // SECOND for rung in hour.rungs] == [0, 30, 300, 1_800, 10_800, 72_000]


def test_all_is_recovered_when_the_last_late_delivery_is_delivered(hour):
    last = max(60 * minute + lateness(since) for minute, since in enumerate(LATE))
    assert hour.recovery == "recovered"
    assert hour.recovered_at == hour.start + DAY + last * SECOND


def test_without_an_outage_there_is_nothing_to_recover_from():
    plan = make_plan(inquire(rate="1/h"))
    assert (plan.recovery, plan.recovered_at, plan.lateness) == ("unharmed", None, None)
    assert plan.counts.on_time == plan.counts.deliveries == 72


def test_a_ladder_that_ends_within_the_outage_is_missed_with_its_reason():
    plan = plan_of(happening(inject(FaultKind.REFUSE, 0), emit(0)))
    assert plan.counts == Counts(deliveries=1, attempts=6, failed_attempts=6, exhausted=1)
    assert [(one.reason, one.deliveries) for one in plan.missed] == [("the last attempt of the ladder failed (R3)", 1)]
    assert (plan.recovery, plan.recovered_at) == ("failing", None)


def test_auto_disable_tells_when_why_and_what_it_cost():
    """R7, R8."""
    plan = plan_of(
        happening(
            inject(FaultKind.REFUSE, 0, 3_600),
            emit(0, 10),
            emit(60, 5),
            Enable(at(90), 1, "crm"),
            profile=tripped_by(8),
        )
    )
    ((disabling,),) = (one.disablings for one in plan.subscriptions)
    assert (disabling.at, disabling.automatic, disabling.enabled_at) == (START, True, at(90))
    assert disabling.reason == "auto-disabled: 8 attempts within 48 h and no success among them (R7)"
    assert (disabling.cancelled, disabling.missed) == (10, 5)
    assert (plan.counts.attempts, plan.counts.cancelled, plan.counts.while_disabled) == (10, 15, 5)
    assert sum(one.deliveries for one in plan.missed) == plan.counts.missed == 15


def test_what_stays_disabled_never_recovers():
    plan = plan_of(happening(emit(0), Disable(at(5), 1, "crm"), emit(10)))
    assert (plan.recovery, plan.recovered_at) == ("disabled", None)


def test_a_subscription_that_was_disabled_recovers_when_it_is_enabled():
    plan = plan_of(happening(emit(0), Disable(at(5), 1, "crm"), emit(10), Enable(at(60), 1, "crm"), emit(70)))
    assert (plan.recovery, plan.recovered_at) == ("recovered", at(60))


def test_what_only_a_resend_delivers_is_late_and_counted_apart():
    """R10."""
    resend = Resend(at(100_000), 1, "crm", None, None, START, START + DAY)
    plan = plan_of(happening(inject(FaultKind.REFUSE, 0, 90_000), emit(0, 2), resend))
    assert (plan.counts.delivered, plan.counts.late, plan.counts.resent, plan.counts.missed) == (2, 2, 2, 0)
    assert plan.lateness == Lateness(100_000 * SECOND, 100_000 * SECOND, 100_000 * SECOND)
    assert sum(rung.delivered for rung in plan.rungs) == 0


def test_duplicates_are_attempts_and_change_nothing_else():
    """R11."""
    plan = plan_of(happening(inject(FaultKind.DUPLICATE, 0), emit(0, 3)))
    assert plan.counts == Counts(deliveries=3, attempts=6, duplicates=3, delivered=3, on_time=3)


def test_all_subscriptions_together_are_the_sum_of_each():
    plan = make_plan(inquire("50h", rate="6/h", mix="project_created=2,lead_changed", listeners=2, length="5d"))
    assert len(plan.subscriptions) == 4
    for name in ("deliveries", "attempts", "failed_attempts", "on_time", "late", "exhausted", "cancelled"):
        assert getattr(plan.counts, name) == sum(getattr(one.counts, name) for one in plan.subscriptions)
    for rung, same in zip(plan.rungs, zip(*(one.rungs for one in plan.subscriptions), strict=True), strict=True):
        assert (rung.delivered, rung.within) == (sum(one.delivered for one in same), sum(one.within for one in same))


def test_every_delivery_ends_in_one_way():
    counts = make_plan(inquire("60h", rate="6/h", length="6d", recover="1d")).counts
    assert counts.deliveries == counts.delivered + counts.exhausted + counts.cancelled
    assert counts.delivered == counts.on_time + counts.late
    assert counts.missed > counts.while_disabled > 0


def test_it_ends_as_badly_as_the_subscription_that_ends_worst():
    scenario = happening(emit(0), Disable(at(5), 1, "crm"))
    further = replace(scenario.subscriptions[0], name="fine")
    plan = plan_of(replace(scenario, subscriptions=(*scenario.subscriptions, further)))
    assert [one.recovery for one in plan.subscriptions] == ["disabled", "unharmed"]
    assert plan.recovery == "disabled"


def test_what_the_provider_would_refuse_is_told():
    plan = plan_of(happening(Delete(at(5), 1, "crm"), Enable(at(10), 3, "crm")))
    (refusal,) = plan.refusals
    assert refusal.startswith("Fri 06 Mar 17:00:10  line 3: the subscription")

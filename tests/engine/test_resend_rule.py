"""`domain/resend`: whether a past delivery may be sent again (R10)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from stage import START

from simulator.domain.delivery import State
from simulator.domain.instant import DAY
from simulator.domain.resend import refuse_resend
from simulator.domain.subscription import Definition, Subscription
from simulator.providers import AURORA
from simulator.store.queries import Standing

SUBSCRIPTION = Subscription("s", "demo", "crm", 1, Definition(("lead_changed",), "http://localhost/"), START, START)


def standing(state: State) -> Standing:
    return Standing(1, "s", START, state, None, attempts=1, chain=1)


@pytest.mark.parametrize("state", [State.DELIVERED, State.EXHAUSTED, State.CANCELLED, State.PENDING])
def test_whatever_was_to_be_sent_may_be_sent_again(state: State) -> None:
    assert refuse_resend(AURORA, standing(state), SUBSCRIPTION, START, on_wire=False) is None


@pytest.mark.parametrize(
    ("after", "refused"), [(30 * DAY, None), (30 * DAY + 1, "its event occurred more than 30 days ago")]
)
def test_until_thirty_days_after_the_event(after: int, refused: str | None) -> None:
    told = refuse_resend(AURORA, standing(State.EXHAUSTED), SUBSCRIPTION, START + after, on_wire=False)
    assert told == refused


def test_what_a_filter_refused_was_never_to_be_sent() -> None:
    told = refuse_resend(AURORA, standing(State.FILTERED), SUBSCRIPTION, START, on_wire=False)
    assert told == "a filter refused the event, so it was never to be sent"


def test_a_subscription_that_is_off_gets_nothing() -> None:
    off = replace(SUBSCRIPTION, definition=replace(SUBSCRIPTION.definition, enabled=False))
    told = refuse_resend(AURORA, standing(State.CANCELLED), off, START, on_wire=False)
    assert told == "its subscription is disabled; enable it"


def test_a_subscription_that_is_gone_gets_nothing() -> None:
    told = refuse_resend(AURORA, standing(State.CANCELLED), SUBSCRIPTION.deleted(START), START, on_wire=False)
    assert told == "its subscription was deleted"


def test_not_while_an_attempt_is_on_the_wire() -> None:
    told = refuse_resend(AURORA, standing(State.PENDING), SUBSCRIPTION, START, on_wire=True)
    assert told == "an attempt is on the wire"


def test_not_where_the_provider_resends_nothing() -> None:
    told = refuse_resend(
        replace(AURORA, resend_days=None), standing(State.EXHAUSTED), SUBSCRIPTION, START, on_wire=False
    )
    assert told == "aurora resends nothing"

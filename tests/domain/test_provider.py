"""`domain/provider`: readings as named switches (section "Marks"), and the quota (S9)."""

from dataclasses import fields, replace
from math import inf, nan
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.domain.event import Event
from simulator.domain.provider import Quota, Readings, check_switches, over_quota
from simulator.domain.subscription import Definition, Owner
from simulator.domain.template import Encoding
from simulator.errors import NotFound
from simulator.providers.aurora import AURORA
from simulator.providers.aurora.management import APPLICATIONS

FIVE_PER_EVENT = Quota(limit=5, per_event=True, excess="refuse")
ONE_IN_ALL = Quota(limit=1, per_event=False, excess="replace")

DEFAULTS = {
    "timeout_scope": "total",  # R1
    "retry_delay_from": "end",  # R4
    "retry_jitter": 0,  # R4
    "disable_cancels_pending": True,  # R6
    "autodisable_window": "trailing",  # R7
    "reset_on_reenable": True,  # R9
    "limit_counts_disabled": True,  # S9
    "unknown_placeholder": "reject",  # S10
    "space_encoding": "%20",  # E6
    "comma_encoding": "%2C",  # E6
    "session_token_minted": "attempt",  # S13
}


def definition(*events: str, enabled: bool = True) -> Definition:
    return Definition(events=events or ("lead_changed",), url_template="https://www.yourapp.com/", enabled=enabled)


def flaws(**switches: Any) -> list[str]:
    return [str(problem) for problem in check_switches(Readings(), switches)]


def test_every_reading_has_the_name_and_the_default_of_the_specification() -> None:
    """Each clause marked I or U with a switch."""
    readings = Readings()
    assert {field.name: getattr(readings, field.name) for field in fields(readings)} == DEFAULTS


@pytest.mark.parametrize("name", DEFAULTS)
def test_every_default_is_allowed(name: str) -> None:
    assert flaws(**{name: DEFAULTS[name]}) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("timeout_scope", "headers"),
        ("retry_delay_from", "start"),
        ("retry_jitter", 0.25),
        ("disable_cancels_pending", False),
        ("autodisable_window", "sustained"),
        ("reset_on_reenable", False),
        ("limit_counts_disabled", False),
        ("unknown_placeholder", "empty"),
        ("unknown_placeholder", "keep"),
        ("space_encoding", "+"),
        ("comma_encoding", ","),
        ("session_token_minted", "event"),
    ],
)
def test_every_other_documented_answer_is_allowed(name: str, value: object) -> None:
    assert flaws(**{name: value}) == []


@pytest.mark.parametrize(
    ("name", "value", "flaw"),
    [
        ("retry_delay_from", "middle", "retry_delay_from: 'middle' is not allowed; it takes end or start"),
        ("retry_delay_from", None, "retry_delay_from: None is not allowed; it takes end or start"),
        ("retry_delay_from", ["end"], "retry_delay_from: ['end'] is not allowed; it takes end or start"),
        ("disable_cancels_pending", "yes", "disable_cancels_pending: 'yes' is not allowed; it takes true or false"),
        ("disable_cancels_pending", 1, "disable_cancels_pending: 1 is not allowed; it takes true or false"),
        ("retry_jitter", 1, "retry_jitter: 1 is not allowed; it takes a number from 0 to below 1"),
        ("retry_jitter", -0.1, "retry_jitter: -0.1 is not allowed; it takes a number from 0 to below 1"),
        ("retry_jitter", True, "retry_jitter: True is not allowed; it takes a number from 0 to below 1"),
        ("retry_jitter", nan, "retry_jitter: nan is not allowed; it takes a number from 0 to below 1"),
        ("retry_jitter", inf, "retry_jitter: inf is not allowed; it takes a number from 0 to below 1"),
        ("comma_encoding", ";", "comma_encoding: ';' is not allowed; it takes %2C or ,"),
    ],
)
def test_another_answer_is_refused_with_those_that_are_allowed(name: str, value: object, flaw: str) -> None:
    assert flaws(**{name: value}) == [flaw]


def test_an_unknown_switch_is_told_which_there_are() -> None:
    (flaw,) = flaws(retry_delay_form="start")
    assert flaw.startswith('retry_delay_form: there is no such switch (did you mean "retry_delay_from"?)')
    assert all(name in flaw for name in DEFAULTS)


def test_every_flaw_of_a_set_of_switches_is_found_at_once() -> None:
    assert len(flaws(retry_jitter=2, teapot=True, reset_on_reenable=None)) == 3


def test_the_readings_of_space_and_comma_make_the_encoding() -> None:
    """E6."""
    assert Readings().encoding == Encoding("%20", "%2C")
    assert Readings(space_encoding="+", comma_encoding=",").encoding == Encoding("+", ",")


@pytest.mark.parametrize(("others", "over"), [(0, None), (4, None), (5, "lead_changed"), (6, "lead_changed")])
def test_five_subscriptions_may_share_an_event_and_the_sixth_is_one_too_many(others: int, over: str | None) -> None:
    """S9."""
    assert over_quota(FIVE_PER_EVENT, [definition()] * others, definition(), Readings()) == over


def test_each_event_has_a_quota_of_its_own() -> None:
    """S9."""
    others = [definition("lead_created")] * 5 + [definition("lead_changed")] * 4
    assert over_quota(FIVE_PER_EVENT, others, definition("lead_changed"), Readings()) is None
    assert over_quota(FIVE_PER_EVENT, others, definition("lead_changed", "lead_created"), Readings()) == "lead_created"


def test_disabled_subscriptions_count_unless_the_reading_says_otherwise() -> None:
    """S9: `limit_counts_disabled`."""
    others = [definition()] * 4 + [definition(enabled=False)]
    assert over_quota(FIVE_PER_EVENT, others, definition(), Readings()) == "lead_changed"
    assert over_quota(FIVE_PER_EVENT, others, definition(), Readings(limit_counts_disabled=False)) is None


def test_where_disabled_subscriptions_do_not_count_one_more_of_them_fits() -> None:
    """S9: `limit_counts_disabled: false`; enabling it is what exceeds the quota."""
    readings = Readings(limit_counts_disabled=False)
    others = [definition()] * 5
    assert over_quota(FIVE_PER_EVENT, others, definition(enabled=False), readings) is None
    assert over_quota(FIVE_PER_EVENT, others, definition(enabled=True), readings) == "lead_changed"


@pytest.mark.parametrize(
    ("name", "attributes", "switched"),
    [
        ("app_status_changed", {"APP_ID": "a1", "STATUS": "enabled"}, ("a1", True)),
        ("app_status_changed", {"APP_ID": "a1", "STATUS": "disabled"}, ("a1", False)),
        ("app_status_changed", {"APP_ID": "a1", "STATUS": "suspended"}, None),
        ("lead_changed", {"LEAD_ID": "l1"}, None),
    ],
)
def test_one_event_tells_which_application_a_tenant_enabled(
    name: str, attributes: dict[str, str], switched: tuple[str, bool] | None
) -> None:
    """S13; an unfamiliar status, let through on purpose, switches nothing (E1)."""
    assert APPLICATIONS.switched(Event(1, "demo", name, attributes, 0)) == switched


@pytest.mark.parametrize("enabled", [True, False])
def test_what_switches_an_application_is_read_as_what_switched_it(enabled: bool) -> None:
    """S13."""
    attributes = APPLICATIONS.switching("a1", enabled=enabled)
    assert APPLICATIONS.switched(Event(1, "demo", APPLICATIONS.event, attributes, 0)) == ("a1", enabled)


def test_tenants_and_applications_define_in_their_own_ways() -> None:
    """S13; a provider without applications says so."""
    assert AURORA.definer(Owner("demo")) is AURORA.define
    assert AURORA.definer(Owner("a1", "application")) is APPLICATIONS.define
    with pytest.raises(NotFound, match="aurora has no partner applications"):
        replace(AURORA, applications=None).definer(Owner("a1", "application"))


@given(st.lists(st.sampled_from(["lead_changed", "lead_created"]), max_size=12), st.booleans())
def test_a_quota_over_all_events_does_not_look_at_them(events: list[str], counts_disabled: bool) -> None:
    """A2: one per customer source."""
    others = [definition(event) for event in events]
    readings = Readings(limit_counts_disabled=counts_disabled)
    assert (over_quota(ONE_IN_ALL, others, definition(), readings) is None) == (not others)

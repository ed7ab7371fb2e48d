"""`domain/subscription`: frozen values with numbered revisions (S14)."""

from dataclasses import FrozenInstanceError, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.domain.auth import BasicAuth, HeaderAuth
from simulator.domain.subscription import Definition, Owner, Subscription

ENABLED = Definition(events=("lead_changed",), url_template="https://www.yourapp.com/lead?id=<LEAD_ID>")
DISABLED = replace(ENABLED, enabled=False)
FIRST = Subscription("s1", "demo", "crm", 1, ENABLED, created_at=100, updated_at=100)


def test_a_definition_is_enabled_unless_it_says_otherwise() -> None:
    """S8."""
    assert ENABLED.enabled
    assert (ENABLED.description, ENABLED.headers, ENABLED.basic_auth, ENABLED.filters) == (None, (), None, ())


def test_a_change_makes_the_next_revision_and_leaves_the_former_as_it_was() -> None:
    """S14."""
    corrected = replace(ENABLED, url_template="https://www.yourapp.com/v2/lead?id=<LEAD_ID>")
    second = FIRST.revised(corrected, at=250)
    assert (second.revision, second.definition, second.updated_at) == (2, corrected, 250)
    assert (second.id, second.tenant_id, second.name, second.created_at) == ("s1", "demo", "crm", 100)
    assert (FIRST.revision, FIRST.definition, FIRST.updated_at) == (1, ENABLED, 100)


def test_disabling_keeps_when_and_why() -> None:
    """R8."""
    disabled = FIRST.revised(DISABLED, at=300, reason="auto-disabled")
    assert (disabled.enabled, disabled.disabled_at, disabled.disabled_reason) == (False, 300, "auto-disabled")


def test_a_change_while_disabled_does_not_move_the_instant_or_the_reason() -> None:
    """R8."""
    renamed = FIRST.revised(DISABLED, at=300, reason="auto-disabled").revised(
        replace(DISABLED, description="x"), at=400
    )
    assert (renamed.updated_at, renamed.disabled_at, renamed.disabled_reason) == (400, 300, "auto-disabled")


def test_enabling_again_takes_instant_and_reason_away() -> None:
    """R9."""
    again = FIRST.revised(DISABLED, at=300, reason="auto-disabled").revised(ENABLED, at=500)
    assert (again.enabled, again.disabled_at, again.disabled_reason) == (True, None, "")


def test_a_reason_is_kept_only_where_the_change_disables() -> None:
    """R8."""
    assert FIRST.revised(ENABLED, at=300, reason="by the customer").disabled_reason == ""


def test_a_deleted_subscription_is_not_enabled_whatever_its_definition_says() -> None:
    """R6."""
    deleted = FIRST.deleted(600)
    assert (deleted.enabled, deleted.deleted_at, deleted.updated_at, deleted.revision) == (False, 600, 600, 2)
    assert deleted.definition.enabled


def test_a_subscription_belongs_to_its_tenant_or_to_an_application() -> None:
    """S13."""
    assert FIRST.owner == Owner("demo")
    assert str(FIRST.owner) == 'tenant "demo"'
    partner = replace(FIRST, tenant_id="", application_id="app1")
    assert partner.owner == Owner("app1", "application")
    assert str(partner.revised(DISABLED, at=200).owner) == 'application "app1"'


@given(st.lists(st.sampled_from([ENABLED, DISABLED]), max_size=8))
def test_a_subscription_has_an_instant_of_disabling_exactly_while_it_is_disabled(changes: list[Definition]) -> None:
    """R8, R9."""
    subscription = FIRST
    for at, definition in enumerate(changes, start=101):
        subscription = subscription.revised(definition, at, "why")
        assert (subscription.disabled_at is None) == (subscription.disabled_reason == "") == subscription.enabled
    assert subscription.revision == 1 + len(changes)


def test_a_revision_cannot_be_changed_in_place() -> None:
    """S14."""
    with pytest.raises(FrozenInstanceError):
        FIRST.revision = 2  # type: ignore[misc]  # the very thing that must not work


@given(st.text(max_size=20).map("s3cr3t-{}".format), st.text(max_size=20).map("p4ssw0rd-{}".format))
def test_no_secret_is_shown_where_a_subscription_is(token: str, password: str) -> None:
    """S7."""
    definition = replace(ENABLED, headers=(HeaderAuth("X-Token", token),), basic_auth=BasicAuth("crm", password))
    shown = f"{definition!r} {definition} {replace(FIRST, definition=definition)!r}"
    assert token not in shown
    assert password not in shown


def test_the_credentials_of_every_attempt_are_those_of_the_revision() -> None:
    """E7, E8, S7."""
    token, basic = HeaderAuth("X-Token", "first"), BasicAuth("user", "password")
    definition = replace(ENABLED, headers=(token,), basic_auth=basic)
    assert definition.credentials == (token.header(), basic.header())
    assert replace(definition, headers=(HeaderAuth("X-Token", "second"),), basic_auth=None).credentials == (
        ("X-Token", "second"),
    )
    assert not {token.header(), basic.header()} & {*definition.without_secrets().credentials}

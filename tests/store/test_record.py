"""`store/record`: what is written is what is read back, and secrets stand apart (S7, S14)."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from specimens import DEFINITION, PASSWORD, START, SUBSCRIPTION, TOKEN

from simulator.domain.auth import BasicAuth, HeaderAuth
from simulator.domain.fault import Fault, FaultKind
from simulator.domain.filters import Filter
from simulator.domain.instant import LAST_INSTANT
from simulator.domain.subscription import Definition
from simulator.store.record import (
    read_definition,
    read_fault,
    read_subscription,
    write_attributes,
    write_definition,
    write_fault,
    write_json,
)

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
some_texts = st.lists(texts, max_size=3).map(tuple)
instants = st.integers(0, LAST_INSTANT - 1)
definitions = st.builds(
    Definition,
    events=some_texts,
    url_template=texts,
    enabled=st.booleans(),
    description=st.none() | texts,
    headers=st.lists(st.builds(HeaderAuth, texts, texts), max_size=3).map(tuple),
    basic_auth=st.none() | st.builds(BasicAuth, texts, texts),
    filters=st.lists(st.builds(Filter, texts, some_texts), max_size=3).map(tuple),
)
faults = st.builds(
    Fault,
    id=texts,
    kind=st.sampled_from(FaultKind),
    since=instants,
    until=st.none() | instants,
    subscription_id=st.none() | texts,
    event=st.none() | texts,
    positions=st.none() | st.frozensets(st.integers(1, 6)),
    probability=st.floats(0, 1),
    status=st.integers(100, 599),
    delay_us=instants,
    period_us=st.integers(1, LAST_INSTANT),
)


@given(definitions)
def test_a_definition_is_read_back_as_it_was_written(definition: Definition) -> None:
    """S14."""
    assert read_definition(*write_definition(definition)) == definition


def test_what_may_be_shown_of_a_definition_holds_no_secret() -> None:
    """S7: the names of headers and the user name may be shown."""
    shown, secrets = write_definition(DEFINITION)
    assert "X-Aurora-Webhook-Token" in shown
    assert "user@example.com" in shown
    assert TOKEN not in shown
    assert PASSWORD not in shown
    assert TOKEN in secrets
    assert PASSWORD in secrets


def test_a_definition_without_credentials_has_no_secrets() -> None:
    """S7."""
    plain = replace(DEFINITION, headers=(), basic_auth=None)
    assert write_definition(plain)[1] == '{"headers":[],"basic_auth":null}'


def test_a_subscription_is_read_back_from_its_row() -> None:
    """S14."""
    shown, secrets = write_definition(DEFINITION)
    disabled = replace(SUBSCRIPTION, disabled_at=START + 1, disabled_reason="why", deleted_at=START + 2)
    row = {
        "subscription_id": "s1",
        "tenant_id": "demo",
        "application_id": "",
        "name": "crm",
        "number": 1,
        "definition": shown,
        "secrets": secrets,
        "created_at": START,
        "made_at": START,
        "disabled_at": START + 1,
        "disabled_reason": "why",
        "deleted_at": START + 2,
    }
    assert read_subscription(row) == disabled


@given(faults)
def test_a_fault_is_read_back_as_it_was_written(fault: Fault) -> None:
    """R11: and with it whatever it will do, which rests on nothing else but the seed."""
    assert read_fault(write_fault(fault)) == fault


def test_records_are_short_and_readable() -> None:
    assert write_json({"status": "Größe ☀️", "values": [1, None]}) == '{"status":"Größe ☀️","values":[1,null]}'


@given(st.dictionaries(st.text(max_size=8), st.text(max_size=20), max_size=4))
def test_attributes_are_written_as_json_writes_them(attributes: dict[str, str]) -> None:
    """Whatever characters they hold, half a surrogate pair included."""
    assert write_attributes(attributes) == write_json(attributes)

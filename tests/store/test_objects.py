"""`store/objects`: the objects of simulated tenants, in a file that SQLite makes for itself (E10)."""

from collections.abc import Iterator
from contextlib import closing, suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.store.objects import ObjectTable

LEAD = ("lead", "l1")


@pytest.fixture
def table() -> Iterator[ObjectTable]:
    with closing(ObjectTable()) as table:
        yield table


def test_an_object_is_found_by_kind_and_id(table: ObjectTable) -> None:
    table.put("demo", {LEAD: {"id": "l1", "customer": {"name": "☀️"}, "energy": [1, 2]}})
    objects = table.of_tenant("demo")
    assert objects[LEAD] == {"id": "l1", "customer": {"name": "☀️"}, "energy": [1, 2]}
    assert objects.get(("project", "l1")) is None
    assert objects.get(("lead", "L1")) is None
    assert dict(objects) == {LEAD: objects[LEAD]}
    assert len(objects) == 1


def test_an_object_that_is_gone_is_still_known(table: ObjectTable) -> None:
    table.put("demo", {LEAD: {"id": "l1"}})
    table.put("demo", {LEAD: None})
    objects = table.of_tenant("demo")
    assert LEAD in objects
    assert objects[LEAD] is None


def test_tenants_have_objects_of_their_own(table: ObjectTable) -> None:
    table.put("demo", {LEAD: {"id": "l1"}})
    table.put("other", {LEAD: {"id": "l1", "other": True}})
    assert table.of_tenant("demo")[LEAD] == {"id": "l1"}
    assert LEAD not in table.of_tenant("third")


def test_objects_are_seen_while_they_are_put_together(table: ObjectTable) -> None:
    """A fold reads what the event before it changed."""
    with table.together():
        table.put("demo", {LEAD: {"turn": 1}})
        assert table.of_tenant("demo")[LEAD] == {"turn": 1}
        table.put("demo", {LEAD: {"turn": 2}})
    assert table.of_tenant("demo")[LEAD] == {"turn": 2}


def test_what_was_put_together_and_broke_off_is_not_there(table: ObjectTable) -> None:
    with suppress(ZeroDivisionError), table.together():
        table.put("demo", {LEAD: {"turn": 1}})
        raise ZeroDivisionError
    assert LEAD not in table.of_tenant("demo")


keys = st.tuples(st.sampled_from(["lead", "project"]), st.sampled_from(["", "1", "a/b", "'; --", "☀"]))
changes = st.lists(st.tuples(st.sampled_from("ab"), st.dictionaries(keys, st.none() | st.just({"id": 1}), max_size=4)))


@given(changes)
def test_the_table_holds_what_a_dictionary_would(changed: list[tuple[str, dict[tuple[str, str], Any]]]) -> None:
    model: dict[str, dict[tuple[str, str], Any]] = {"a": {}, "b": {}}
    with closing(ObjectTable()) as table:
        for tenant, one in changed:
            table.put(tenant, one)
            model[tenant] |= one
        assert {tenant: dict(table.of_tenant(tenant)) for tenant in model} == model

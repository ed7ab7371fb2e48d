"""`simulator.plan.objects`: a tenant's objects after the events so far (A12, E10)."""

from __future__ import annotations

from collections.abc import Mapping

from simulator.domain.event import Event
from simulator.domain.world import Objects, World
from simulator.plan.objects import TenantObjects


def fold(objects: Objects, event: Event, seed: int) -> Objects:
    """Counts the events of each name, from the seed on."""
    key = ("count", event.name)
    before = (objects.get(key) or {"n": seed})["n"]
    return {key: {"n": before + 1}}


def read(_: Objects, __: str, ___: Mapping[str, str]) -> None:
    return None


def test_each_event_changes_the_objects_of_its_tenant_alone():
    objects = TenantObjects(World(fold, read, ()), seed=10)
    for number, (tenant, name) in enumerate([("a", "x"), ("a", "y"), ("a", "x"), ("b", "x")], start=1):
        objects.followed(Event(number, tenant, name, {}, 0))
    assert objects.of("a") == {("count", "x"): {"n": 12}, ("count", "y"): {"n": 11}}
    assert objects.of("b") == {("count", "x"): {"n": 11}}
    assert objects.of("c") == {}

"""The simulated tenants: what their objects look like after every event that was committed (E10).

In: the ledger's events, folded by the profile. Out: the body of a GET. An event is folded when it is committed, and it
is committed before its first attempt leaves, so a receiver that reads back already sees the new state.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from simulator.domain.world import Object, World
from simulator.engine.simulation import Simulation
from simulator.store.ledger import Changes
from simulator.store.objects import ObjectTable
from simulator.store.queries import events_after


class TenantWorld:
    """Follows one simulation. `paths` are those that can be read, as a router takes them."""

    def __init__(self, world: World, simulation: Simulation, objects: ObjectTable) -> None:
        self._world, self._simulation, self._objects = world, simulation, objects
        self._folded = 0  # the last event whose changes are in the objects
        self._catch_up()

    @property
    def paths(self) -> tuple[str, ...]:
        return self._world.paths

    def read(self, tenant_id: str, path: str, query: Mapping[str, str]) -> Object | None:
        """The body of this GET in a tenant; None where there is nothing to read."""
        return self._world.read(self._objects.of_tenant(tenant_id), path, query)

    def follow(self, changes: Changes) -> None:
        """Something was committed."""
        if changes.events:
            self._catch_up()

    def _catch_up(self) -> None:
        with self._objects.together():
            for event in events_after(self._simulation.ledger.db, self._folded):
                changed = self._world.fold(self._objects.of_tenant(event.tenant_id), event, self._simulation.seed)
                self._objects.put(event.tenant_id, changed)
                self._folded = event.id


@contextmanager
def followed(simulation: Simulation) -> Iterator[TenantWorld | None]:
    """The tenants of a simulation for as long as the block lasts; None where the provider shows no objects."""
    if simulation.profile.world is None:
        yield None
        return
    objects = ObjectTable()
    world = TenantWorld(simulation.profile.world, simulation, objects)
    simulation.on_commit.append(world.follow)
    try:
        yield world
    finally:
        simulation.on_commit.remove(world.follow)
        objects.close()

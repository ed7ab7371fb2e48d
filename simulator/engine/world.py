"""The simulated tenants: what their objects look like after every event that was committed (E10).

In: the ledger's events, folded by the profile. Out: the body of a GET. An event is committed before its first attempt
leaves, and whoever reads waits until all that is committed is folded: a receiver that reads back sees the new state.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from simulator.clock.stopwatch import after_real
from simulator.domain.world import Object, Objects, World
from simulator.engine.simulation import Simulation
from simulator.store.changes import Changes
from simulator.store.objects import ObjectTable
from simulator.store.queries import events_after

SLICE = 256  # events folded in one go, about 40 ms: a long ledger is folded without keeping anybody waiting


class TenantWorld:
    """Follows one simulation on the running event loop. `paths` are those that can be read, as a router takes them."""

    def __init__(self, world: World, simulation: Simulation, objects: ObjectTable) -> None:
        self._world, self._simulation, self._objects = world, simulation, objects
        self._folded = 0  # the last event whose changes are in the objects
        self._up_to_date = asyncio.Event()
        self._rest: asyncio.TimerHandle | None = None
        simulation.on_commit.append(self._follow)
        self._fold()

    @property
    def paths(self) -> tuple[str, ...]:
        return self._world.paths

    async def read(self, tenant_id: str, path: str, query: Mapping[str, str]) -> Object | None:
        """The body of this GET in a tenant; None where there is nothing to read."""
        await self._up_to_date.wait()
        return self._world.read(self._objects.of_tenant(tenant_id), path, query)

    async def read_object(self, tenant_id: str, kind: str, name: str) -> Object | None:
        """One object of a tenant, by its kind and id; None where there is none."""
        await self._up_to_date.wait()
        return self._objects.of_tenant(tenant_id).get((kind, name))

    def objects(self, tenant_id: str) -> Objects:
        """The objects of a tenant after everything that occurred until now."""
        self._simulation.commit()
        while self._fold_slice() == SLICE:
            pass
        return self._objects.of_tenant(tenant_id)

    def stop(self) -> None:
        """Follow no more."""
        self._simulation.on_commit.remove(self._follow)
        if self._rest:
            self._rest.cancel()

    def _follow(self, changes: Changes) -> None:
        if changes.events and self._rest is None:
            self._fold()

    def _fold(self) -> None:
        """Fold a slice of the events that are committed and not folded yet, and plan the rest."""
        self._up_to_date.clear()
        self._rest = None
        try:
            folded = self._fold_slice()
        except Exception as error:  # noqa: BLE001 - objects that are wrong must not be shown: the run stops, loudly
            self._simulation.fail(error)
            return
        if folded == SLICE:
            self._rest = after_real(0, self._fold)
        else:
            self._up_to_date.set()

    def _fold_slice(self) -> int:
        events = events_after(self._simulation.ledger.db, self._folded, limit=SLICE)
        with self._objects.together():
            for event in events:
                objects = self._objects.of_tenant(event.tenant_id)
                self._objects.put(event.tenant_id, self._world.fold(objects, event, self._simulation.seed))
                self._folded = event.id
        return len(events)


@contextmanager
def followed(simulation: Simulation) -> Iterator[TenantWorld | None]:
    """The tenants of a simulation for as long as the block lasts; None where the provider shows no objects."""
    if simulation.profile.world is None:
        yield None
        return
    objects = ObjectTable()
    world = TenantWorld(simulation.profile.world, simulation, objects)
    try:
        yield world
    finally:
        world.stop()
        objects.close()

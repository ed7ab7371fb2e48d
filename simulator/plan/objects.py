"""The objects of the simulated tenants in a plan, where a step acts on them (A12).

In: every event of a course, folded by the provider. Out: a tenant's objects after the events so far. Without such a
step nobody follows the events, and their attributes need not be worked out.
"""

from __future__ import annotations

from simulator.domain.event import Event
from simulator.domain.world import Key, Object, Objects, World


class TenantObjects:
    """Objects by tenant, kept as `followed` tells of one event after the other."""

    def __init__(self, world: World, seed: int) -> None:
        self._world, self._seed = world, seed
        self._of: dict[str, dict[Key, Object | None]] = {}

    def followed(self, event: Event) -> None:
        """An event has occurred."""
        objects = self._of.setdefault(event.tenant_id, {})
        objects.update(self._world.fold(objects, event, self._seed))

    def of(self, tenant_id: str) -> Objects:
        """A tenant's objects as they are now."""
        return self._of.get(tenant_id, {})

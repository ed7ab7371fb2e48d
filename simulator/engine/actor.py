"""Actions over the objects of a simulated tenant: what a customer does through the API, and what test tools do (A12).

In: an action by name with what is given to it. Out: the event that it comes to, which occurs at once; a silent one is
recorded like any other, and nobody is told.
"""

from __future__ import annotations

from collections.abc import Mapping

from simulator.domain.event import Event
from simulator.domain.provider import Profile
from simulator.domain.world import Action
from simulator.engine.emitter import Emitter
from simulator.engine.world import TenantWorld
from simulator.errors import Invalid, NotFound, did_you_mean


class Actor:
    """Acts in the tenants of one simulation."""

    def __init__(self, profile: Profile, emitter: Emitter, world: TenantWorld) -> None:
        self._profile, self._emitter, self._world = profile, emitter, world

    def act(self, tenant: str, name: str, given: Mapping[str, str], *, key: tuple[str | int, ...]) -> Event:
        """Do it now. Raises `NotFound`, `Invalid`, or `Refused` where the present state forbids it."""
        action = action_named(self._profile, name)
        if problems := action.check(name, given):
            raise Invalid(problems)
        deed = action.perform(self._world.objects(tenant), given)
        return self._emitter.emit(tenant, deed.event, deed.attributes, key=key)


def action_named(profile: Profile, name: str) -> Action:
    """The action of that name; raises `NotFound` that lists the actions there are."""
    if name not in profile.actions:
        known = ", ".join(profile.actions) or "none"
        raise NotFound(f'there is no action "{name}"{did_you_mean(name, profile.actions)}; the actions are {known}')
    return profile.actions[name]

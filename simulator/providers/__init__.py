"""Facts about providers, each a `Profile`. Adding a provider is adding a folder and a line here."""

from __future__ import annotations

from simulator.domain.provider import Profile
from simulator.errors import NotFound, did_you_mean
from simulator.providers.aura import AURA
from simulator.providers.aurora import AURORA

PROFILES: dict[str, Profile] = {one.name: one for one in (AURORA, AURA)}


def profile_named(name: str) -> Profile:
    """The profile of that name; raises `NotFound` that lists the providers there are."""
    if name not in PROFILES:
        raise NotFound(
            f'there is no provider "{name}"{did_you_mean(name, PROFILES)}; the providers are {", ".join(PROFILES)}'
        )
    return PROFILES[name]

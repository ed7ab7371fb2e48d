"""The live wire of a provider's profile: its time limit and reading, our name, the targets that are allowed."""

from __future__ import annotations

from collections.abc import Collection

from simulator import __version__
from simulator.domain.provider import Profile
from simulator.wire.live import LiveWire
from simulator.wire.targets import Targets

ON_WIRE = 512  # requests at once, in all: several hanging receivers fill their own lanes and leave room for others
USER_AGENT = f"aurora-webhook-simulator/{__version__}"  # E9


def live_wire(profile: Profile, allowed_hosts: Collection[str] = (), *, source_address: str | None = None) -> LiveWire:
    """A wire to real receivers: on loopback, and on hosts allowed by name; from an address of this machine (A13)."""
    return LiveWire(
        profile.timeout_seconds,
        targets=Targets(allowed_hosts),
        user_agent=USER_AGENT,
        scope=profile.readings.timeout_scope,
        limit=ON_WIRE,
        source_address=source_address,
    )

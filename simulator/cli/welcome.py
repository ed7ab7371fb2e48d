"""What `serve` prints when it is ready: where it is, and how to use it."""

from __future__ import annotations

from dataclasses import dataclass, field

from simulator import __version__
from simulator.api.keys import Keys
from simulator.domain.instant import format_instant
from simulator.domain.provider import Profile
from simulator.engine.service import Service

VARIABLE = "$AURORA_SIM_TOKEN"


@dataclass(frozen=True, slots=True)
class Address:
    """Where the server listens, and what it asks of whoever comes. A token that somebody gave is not shown again."""

    host: str
    port: int
    token: str | None = field(repr=False)
    token_is_ours: bool

    @property
    def url(self) -> str:
        """As a program on this machine reaches it."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104 - told, not bound
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"

    @property
    def shown_token(self) -> str | None:
        return self.token if self.token_is_ours or self.token is None else VARIABLE


def welcome(service: Service, address: Address, keys: Keys, db: str, receiver: str | None) -> str:
    """Several lines; the first one is for programs, the last one works when it is pasted."""
    clock = service.clock
    story = next(iter(service.simulation.profile.stories))
    header = f' -H "Authorization: Bearer {address.shown_token}"' if address.token else ""
    lines = [
        f"listening on {address.url}",
        f"  simulator    {__version__}, provider {service.simulation.profile.name}, seed {service.simulation.seed}",
        f"  clock        {format_instant(clock.now())}, speed {clock.pace}",
        f"  database     {db or 'a temporary file, gone when this ends; keep everything with --db FILE'}",
        f"  API keys     {_keys(keys, service.simulation.profile)}",
        *([f"  token        {address.shown_token}"] if address.token else []),
        *([f"  receiver     {receiver}, subscribed for the tenant demo"] if receiver else []),
        f"  page         {address.url}/{_link(address)}",
        "try it:",
        f'  curl -X POST {address.url}/simulator/events{header} -d \'{{"story": "{story}"}}\'',
    ]
    return "\n".join(lines)


def _keys(keys: Keys, profile: Profile) -> str:
    if keys.public:
        known = [key for key in keys if key.owner.kind == "tenant" or profile.applications]
        return ", ".join(f"{key.text} ({key.owner.kind} {key.owner.id})" for key in known)
    count = sum(1 for _ in keys)
    return f"{count} of your own" if count else "none; give some with --api-key TENANT=KEY"


def _link(address: Address) -> str:
    return f"?token={address.token}" if address.token and address.token_is_ours else ""

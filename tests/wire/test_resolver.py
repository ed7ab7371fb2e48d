"""Names become addresses under the same rule: no name service leads a connection away from this machine."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import pytest

from simulator.errors import TargetNotAllowed
from simulator.wire.resolver import GuardedResolver
from simulator.wire.targets import Targets


@pytest.fixture
def lying_name_service(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A name service that leads every name to a stranger; returns the names it was asked for."""
    asked: list[str] = []

    async def lie(_: Any, host: str, port: int, **__: Any) -> list[Any]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("203.0.113.9", port))]

    monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", lie)
    return asked


async def addresses(host: str, *allowed: str) -> list[str]:
    resolver = GuardedResolver(Targets(allowed))
    found = await resolver.resolve(host, 80, socket.AF_UNSPEC)
    await resolver.close()
    return [address["host"] for address in found]


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST", "localhost.", "crm.localhost"])
@pytest.mark.parametrize("allowed", [(), ("localhost", "crm.localhost")])
async def test_a_name_under_localhost_is_this_machine_and_nobody_is_asked(
    lying_name_service: list[str], host: str, allowed: tuple[str, ...]
) -> None:
    assert await addresses(host, *allowed) == ["::1", "127.0.0.1"]
    assert lying_name_service == []


@pytest.mark.parametrize("host", ["evil.example", "127.1", "0x7f000001", "localhost.evil.example"])
async def test_a_name_that_nobody_allowed_is_not_even_looked_up(lying_name_service: list[str], host: str) -> None:
    with pytest.raises(TargetNotAllowed, match=host):
        await addresses(host, "staging.example.com")
    assert lying_name_service == []


async def test_a_name_that_was_allowed_is_looked_up(lying_name_service: list[str]) -> None:
    assert await addresses("staging.example.com", "staging.example.com") == ["203.0.113.9"]
    assert lying_name_service == ["staging.example.com"]


@pytest.mark.parametrize(("source", "of_use"), [("127.0.0.2", "127.0.0.1"), ("::1", "::1")])
async def test_only_addresses_of_the_kind_that_is_sent_from_are_of_use(source: str, of_use: str) -> None:
    found = await GuardedResolver(Targets(), source).resolve("localhost", 80, socket.AF_UNSPEC)
    assert [address["host"] for address in found] == [of_use]


async def test_a_name_that_does_not_resolve_is_an_os_error() -> None:
    with pytest.raises(socket.gaierror):
        await addresses("does-not-exist.invalid", "does-not-exist.invalid")


async def test_a_label_that_is_too_long_is_an_os_error() -> None:
    with pytest.raises(OSError, match="not fit"):
        await addresses("a" * 64 + ".example", "a" * 64 + ".example")

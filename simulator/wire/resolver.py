"""Names become addresses, under the rule of `targets` once more.

In: a host name on its way to a connection. Out: its addresses. A name under localhost is this machine, whatever the
name service says (RFC 6761); any other is looked up only where somebody allowed it by name. So nothing that a name
service answers can lead a connection away from this machine.
"""

from __future__ import annotations

from socket import AF_INET, AF_INET6, AF_UNSPEC, AddressFamily, gaierror

from aiohttp import ThreadedResolver
from aiohttp.abc import AbstractResolver, ResolveResult

from simulator.errors import TargetNotAllowed
from simulator.wire.targets import Targets, parse_host

_LOOPBACK = ((AF_INET6, "::1"), (AF_INET, "127.0.0.1"))


class GuardedResolver(AbstractResolver):
    """Resolves what `targets` allows; to be made on a running event loop.

    `source_address`: the address that is sent from, so that only addresses of its kind are of use.
    """

    def __init__(self, targets: Targets, source_address: str | None = None) -> None:
        self._targets = targets
        self._of_use = _family(source_address) if source_address else None
        self._system = ThreadedResolver()

    async def resolve(self, host: str, port: int = 0, family: AddressFamily = AF_INET) -> list[ResolveResult]:
        """The addresses of the host. Raises TargetNotAllowed, or OSError where the name does not resolve."""
        family = self._of_use or family
        parsed = parse_host(host)
        if parsed is not None and parsed.is_loopback:
            return _loopback(host, port, family)
        if parsed is None or not self._targets.named(parsed):
            raise TargetNotAllowed(f'"{host}" was about to be connected to, but nobody allowed it')
        return await self._looked_up(host, port, family)

    async def _looked_up(self, host: str, port: int, family: AddressFamily) -> list[ResolveResult]:
        try:
            return await self._system.resolve(host, port, family)
        except UnicodeError as unfit:  # a label that no name service could hold
            raise gaierror("the name is not fit for a name service") from unfit

    async def close(self) -> None:
        """Nothing is held."""


def _loopback(host: str, port: int, wanted: AddressFamily) -> list[ResolveResult]:
    return [
        ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=0)
        for family, address in _LOOPBACK
        if wanted in (family, AF_UNSPEC)
    ]


def _family(address: str) -> AddressFamily:
    return AF_INET6 if ":" in address else AF_INET

"""What is tested: a base URL or a template, the credentials it wants, and the subscriptions that lead there.

In: what the user gave. Out: subscriptions in the customer's words, for the events that can be sent there.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

from simulator.domain import template
from simulator.domain.auth import BasicAuth, HeaderAuth, check_header_name, check_secret
from simulator.domain.event import Catalogue, EventType, unknown_event
from simulator.domain.provider import Define, Profile, Readings
from simulator.domain.subscription import Definition
from simulator.errors import Invalid, Misuse, Problem
from simulator.wire.targets import parse_host

_VERBATIM = "headers to send as they are"


@dataclass(frozen=True, slots=True)
class Target:
    """`url` is a base, to which the suggested path and query of each event are added, or a template of its own."""

    url: str
    header_auth: tuple[str, str] | None = field(default=None, repr=False)
    basic_auth: tuple[str, str] | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if self.header_auth and self.basic_auth and self.header_auth[0].lower() == "authorization":
            raise Misuse("the header Authorization is taken by the basic pair; use one of the two")
        if flaws := [Problem(("header",), flaw) for flaw in _flaws(self.header_auth)]:
            raise Invalid(flaws)

    @property
    def is_template(self) -> bool:
        return "<" in self.url or "?" in self.url

    @property
    def base(self) -> str:
        """Where the receiver is, as reports write it."""
        split = urlsplit(self.url)
        return f"{split.scheme}://{split.netloc}" if self.is_template else self.url.rstrip("/")

    @property
    def is_local(self) -> bool:
        """Whether the receiver is on this machine."""
        host = parse_host(urlsplit(self.url).hostname or "")
        return host is not None and host.is_loopback

    @property
    def credentials(self) -> tuple[HeaderAuth, ...]:
        """The headers that prove where a request comes from; none where none were given."""
        header = (HeaderAuth(*self.header_auth),) if self.header_auth else ()
        basic = (HeaderAuth(*BasicAuth(*self.basic_auth).header()),) if self.basic_auth else ()
        return header + basic

    def events(self, catalogue: Catalogue, wanted: Sequence[str]) -> tuple[EventType, ...]:
        """The events that are tested: the wanted ones, or all that the template can carry. Raises `Misuse`."""
        if problems := [unknown_event(catalogue, name) for name in wanted if name not in catalogue]:
            raise Invalid(problems)
        if flaws := template.check(self.url, (), unknown="keep"):
            raise Invalid([Problem(("URL",), flaw) for flaw in flaws])
        names = template.parse(self.url).names
        carried = {kind.name: kind for kind in catalogue.values() if set(names) <= set(kind.attributes)}
        if lost := [name for name in wanted if name not in carried]:
            raise Misuse(f"the URL holds {_brackets(names)}, which {lost[0]} does not have")
        if not carried:
            raise Misuse(f"no event has all of {_brackets(names)}; see: aurora-sim events")
        return tuple(carried[name] for name in dict.fromkeys(wanted)) or tuple(carried.values())

    def words(
        self, profile: Profile, events: Sequence[str], *, headers: Sequence[HeaderAuth], more: str = ""
    ) -> dict[str, Any]:
        """A subscription for these events with exactly these headers; `more` is a further `name=value` of its query."""
        (words,) = profile.suggest_all(events, self.base)
        place = profile.address_field
        if self.is_template or profile.values_in == "body":
            words[place] = self.url
        if more:
            words[place] += ("&" if "?" in words[place] else "?") + more
        return {**words, _VERBATIM: tuple(headers)}


def verbatim(define: Define) -> Define:
    """The provider's own rules, but the headers are sent as they are: also those that it would refuse to store."""

    def defined(
        words: Mapping[str, Any], former: Definition | None, catalogue: Catalogue, readings: Readings
    ) -> Definition:
        own = {name: value for name, value in words.items() if name != _VERBATIM}
        definition = define(own, former, catalogue, readings)
        return replace(definition, headers=definition.headers + words.get(_VERBATIM, ()))

    return defined


def _brackets(names: Collection[str]) -> str:
    return ", ".join(f"<{name}>" for name in names)


def _flaws(header_auth: tuple[str, str] | None) -> list[str]:
    """What keeps a header from being sent as it is."""
    return [*check_header_name(header_auth[0]), *check_secret(header_auth[1])] if header_auth else []

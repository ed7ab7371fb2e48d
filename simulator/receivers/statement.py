"""From the bytes of a query to what was said: decode the parameters, then read them by the catalogue.

In goes the raw query string as it stood on the wire, out comes a `Statement`. Nothing here knows of HTTP or
of a database.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote

from simulator.receivers.catalogue import EVENTS
from simulator.receivers.kinds import Says

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulator.receivers.kinds import Event, Kind, Status


class IllegalEventError(ValueError):
    """The request cannot be an event: it says nothing that could be kept."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What one webhook said about one object; `status` is None when it said only "look"."""

    kind: Kind
    event: Event
    id: str
    status: Status | None
    facts: tuple[tuple[str, str], ...]

    @property
    def is_hint(self) -> bool:
        """Whether the object must be read back; if so, an equal statement may be a genuine repeat."""
        return self.status is None or self.kind.must_look(self.status)


def decode(raw_query: str) -> dict[str, str]:
    """The parameters of a query, percent-escapes resolved as RFC 3986 has it, text in UTF-8.

    A `+` stays a `+`: reading it as a space belongs to HTML forms, and Aurora writes a space as `%20`. Of a
    name given twice the last value counts. Raises `IllegalEventError` for escapes that are not UTF-8.
    """
    pairs = (part.partition("=") for part in raw_query.split("&") if part)
    try:
        return {unquote(name, errors="strict"): unquote(value, errors="strict") for name, _, value in pairs}
    except UnicodeDecodeError as error:
        raise IllegalEventError("the query holds percent-escapes that are not UTF-8") from error


def understand(event_name: str, parameters: Mapping[str, str]) -> Statement:
    """What an event of the catalogue said. Raises `IllegalEventError` when it does not say of what object.

    Parameters and values that are not familiar are no fault: the provider may add some whenever it likes.
    """
    kind, event = EVENTS[event_name]
    object_id = parameters.get(kind.id)
    if not object_id:
        raise IllegalEventError(f"{event_name} needs {kind.id}, the id of the {kind.name} it speaks of")
    status = _status(kind, event, parameters)
    said = ((event.name, status.text),) if status else ()
    kept = tuple((name, parameters[name]) for name in event.keeps if name in parameters)
    return Statement(kind, event, object_id, status, said + kept)


def _status(kind: Kind, event: Event, parameters: Mapping[str, str]) -> Status | None:
    match event.says:
        case Says.LOOK:
            return None
        case Says.STATUS:
            text = parameters.get("status")
            return kind.reported(text) if text else None
        case fixed:
            return kind.fixed(fixed)

"""What a test asks for, in the provider's words and in microseconds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from simulator.domain.fault import Fault
from simulator.domain.instant import parse_duration
from simulator.errors import Refused

TENANT = "demo"

_STATUSES = range(100, 600)

Duration = str | timedelta
"""`5m30s`, or a timedelta."""


def micros(duration: Duration) -> int:
    """In microseconds. Raises `Refused` for a text that is no duration, and for less than none."""
    if isinstance(duration, timedelta):
        if duration < timedelta():
            raise Refused(f"{duration.total_seconds():g} s lie in the past, and time never goes back")
        return duration // timedelta(microseconds=1)
    try:
        return parse_duration(duration)
    except ValueError as error:
        raise Refused(str(error)) from None


def words(
    url_template: str | None,
    header_auth: tuple[str, str] | None,
    basic_auth: tuple[str, str] | None,
    filters: Mapping[str, Sequence[str]] | None,
) -> dict[str, Any]:
    """A subscription as the customer writes it (S1), but for its event."""
    said: dict[str, Any] = {}
    if url_template is not None:
        said["url_template"] = url_template
    if header_auth:
        said["header_auth_key"], said["header_auth_value"] = header_auth
    if basic_auth:
        said["basic_auth_username"], said["basic_auth_password"] = basic_auth
    if filters:
        said["filters"] = [{"url_parameter": name, "value": [*values]} for name, values in filters.items()]
    return said


def checked(fault: Fault) -> Fault:
    """The same. Raises `Refused` where it could never act, or not as it is meant."""
    if fault.positions is not None and not (fault.positions and min(fault.positions) >= 1):
        raise Refused("attempt must name at least one; 1 is the first attempt")
    if not 0 < fault.probability <= 1:
        raise Refused(f"probability must lie above 0, and at 1 at the most; it is {fault.probability}")
    if fault.status not in _STATUSES:
        raise Refused(f"status must lie between 100 and 599; it is {fault.status}")
    if fault.period_us == 0:
        raise Refused("period must be longer than nothing")
    return fault

"""What can be claimed of the deliveries of a test: that all arrived, and that each event took effect once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence, Sized
from typing import Any

from simulator.domain.counting import format_count
from simulator.domain.delivery import State
from simulator.pytest_plugin.dialogue import Dialogue, Do, Look, Part, Probe
from simulator.pytest_plugin.sender import Sender
from simulator.pytest_plugin.wording import say_attributes, tell
from simulator.report.model import DeliveryView

SHOWN = 5  # failing deliveries that are told in full; the rest is counted


def assert_delivered(sender: Sender, /, event: str | None = None) -> Dialogue:
    """Run until idle; then everything that was to be delivered must be, and something must have been (R1)."""
    deliveries = yield from _settled(sender, event)
    if not deliveries:
        return _nothing(event)
    missing = [one for one in deliveries if one.state != State.DELIVERED]
    if not missing:
        return ""
    more = f"\n… and {len(missing) - SHOWN} more" if len(missing) > SHOWN else ""
    return (
        f"{len(missing)} of {format_count(len(deliveries), 'delivery')} did not arrive\n{tell(missing[:SHOWN])}{more}"
    )


def assert_exactly_once(sender: Sender, /, count: Probe, event: str | None = None) -> Dialogue:
    """Run until idle; then `count` must say of each event that it took effect once, however often it was sent.

    `count` is a function of the event's attributes, or a path such as "/orders/<AGREEMENT_ID>" of the receiver;
    it gives a number, or something that holds as many.
    """
    deliveries = yield from _settled(sender, event)
    if not deliveries:
        return _nothing(event)
    alike: defaultdict[tuple[str, tuple[tuple[str, str], ...]], list[DeliveryView]] = defaultdict(list)
    for one in deliveries:
        alike[one.event, tuple(one.attributes.items())].append(one)
    for (name, attributes), group in alike.items():
        times = _number((yield Look(count, dict(attributes))))
        expected = len({one.event_id for one in group})
        if times != expected:
            said = f"{name} took effect {_times(times)}, expected {_times(expected)}"
            return f"{said}\n  of {say_attributes(dict(attributes))}\n{tell(group)}"
    return ""


def _settled(sender: Sender, event: str | None) -> Part[list[DeliveryView]]:
    yield Do(sender.run_until_idle())
    deliveries: Sequence[DeliveryView] = yield Do(sender.deliveries(event))
    return [one for one in deliveries if one.state != State.FILTERED]


def _nothing(event: str | None) -> str:
    return f"nothing was to be delivered: no subscription heard {event or 'any event'}"


def _number(counted: Any) -> Any:
    """A list, a mapping or a set counts as many as it holds, nothing counts as none."""
    if counted is None:
        return 0
    return len(counted) if isinstance(counted, Sized) and not isinstance(counted, str | bytes) else counted


def _times(number: Any) -> str:
    return format_count(number, "time") if isinstance(number, int) else f"{number} times"

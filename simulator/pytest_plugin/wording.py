"""What was sent and what came back, in the words of a failing test."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from simulator.domain.instant import format_duration
from simulator.domain.outcome import in_words
from simulator.report.model import AttemptView, DeliveryView

RECALLED = 10  # deliveries that are told beneath a test that failed


def tell(deliveries: Sequence[DeliveryView]) -> str:
    """Each delivery and each of its attempts, a line apiece."""
    return "\n".join(line for one in deliveries for line in _lines(one))


def recall(deliveries: Sequence[DeliveryView]) -> str:
    """The last of them."""
    earlier = len(deliveries) - RECALLED
    return (f"… {earlier} before these\n" if earlier > 0 else "") + tell(deliveries[-RECALLED:])


def say_attributes(attributes: Mapping[str, str]) -> str:
    return ", ".join(f"{name}={value}" for name, value in attributes.items())


def _lines(delivery: DeliveryView) -> Iterator[str]:
    yield f"{delivery.event} {say_attributes(delivery.attributes)}"
    for attempt in delivery.attempts:
        yield _line(attempt, delivery.occurred_at)
    yield f"  {delivery.state}: {delivery.reason or 'its next attempt is still to come'}"


def _line(attempt: AttemptView, occurred_at: int) -> str:
    came_back = in_words(attempt.outcome, attempt.status)
    words = [came_back, attempt.error, attempt.fault and f"(injected: {attempt.fault})", attempt.duplicate and "again"]
    after = format_duration(attempt.started_at - occurred_at)
    return f"  {after:>11}  {attempt.method} {attempt.url}  ->  {' '.join(word for word in words if word)}"

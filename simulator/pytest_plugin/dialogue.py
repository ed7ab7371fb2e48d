"""An assertion as a dialogue: it asks for one thing after the other and ends with what does not hold.

Who answers decides how: a plain test waits, an async test awaits, and a probe of the user's is asked where the test
itself runs. So each assertion is written once.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Generator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

Probe = Callable[[Mapping[str, str]], Any] | str
"""A function of an event's attributes; or a URL, or a path of the receiver, with `<NAME>` for attributes."""


@dataclass(frozen=True, slots=True)
class Do:
    """The sender is to do this; its return value is the answer."""

    work: Coroutine[Any, Any, Any]


@dataclass(frozen=True, slots=True)
class Look:
    """The probe is to be asked about the object that these attributes name."""

    probe: Probe
    attributes: Mapping[str, str]


T = TypeVar("T")

Part: TypeAlias = Generator[Do | Look, Any, T]
"""A part of a dialogue that finds something out."""

Dialogue: TypeAlias = Part[str]
"""Returns what does not hold, empty where everything does."""


def hear(dialogue: Dialogue, answer: Any = None) -> Do | Look | None:
    """What is asked next, None in the end. Raises AssertionError with what does not hold."""
    __tracebackhide__ = True
    try:
        return dialogue.send(answer)
    except StopIteration as ended:
        if ended.value:
            raise AssertionError(ended.value) from None
        return None

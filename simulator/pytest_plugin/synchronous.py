"""`aurora` in a plain test: each method returns when it is done."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from simulator.errors import SimulatorError
from simulator.pytest_plugin.background import Background
from simulator.pytest_plugin.claims import assert_delivered, assert_exactly_once
from simulator.pytest_plugin.convergence import assert_converges
from simulator.pytest_plugin.dialogue import Dialogue, Do, Look, hear
from simulator.pytest_plugin.sender import Sender
from simulator.pytest_plugin.wording import recall

P = ParamSpec("P")
T = TypeVar("T")


def _done(work: Callable[Concatenate[Sender, P], Coroutine[Any, Any, T]]) -> Callable[Concatenate[Aurora, P], T]:
    """Work of the sender as a method that returns what it returns."""

    @wraps(work)
    def method(self: Aurora, /, *args: P.args, **kwargs: P.kwargs) -> T:
        __tracebackhide__ = True
        return self._wait(work(self._sender, *args, **kwargs))

    return method


def _held(claim: Callable[Concatenate[Sender, P], Dialogue]) -> Callable[Concatenate[Aurora, P], None]:
    """An assertion as a method that returns where it holds."""

    @wraps(claim)
    def method(self: Aurora, /, *args: P.args, **kwargs: P.kwargs) -> None:
        __tracebackhide__ = True
        dialogue = claim(self._sender, *args, **kwargs)
        asked = hear(dialogue)
        while asked:
            asked = hear(dialogue, self._answer(asked))

    return method


class Aurora:
    """A simulated Aurora for one plain test. Every method raises `SimulatorError` for what is not possible."""

    def __init__(self, sender: Sender, background: Background) -> None:
        self._sender, self._background = sender, background

    receiver = _done(Sender.receiver)
    subscribe = _done(Sender.subscribe)
    emit = _done(Sender.emit)
    story = _done(Sender.story)
    fault = _done(Sender.fault)
    advance = _done(Sender.advance)
    run_until_idle = _done(Sender.run_until_idle)
    deliveries = _done(Sender.deliveries)

    assert_delivered = _held(assert_delivered)
    assert_exactly_once = _held(assert_exactly_once)
    assert_converges = _held(assert_converges)

    def history(self) -> str:
        """What was sent last, and what came back."""
        return recall(self._wait(self._sender.deliveries()))

    def _wait(self, work: Coroutine[Any, Any, T]) -> T:
        __tracebackhide__ = True
        try:
            return self._background.run(work)
        except SimulatorError as error:
            raise error.with_traceback(None) from None  # our own frames tell a user nothing

    def _answer(self, asked: Do | Look) -> Any:
        __tracebackhide__ = True
        if isinstance(asked, Do):
            return self._wait(asked.work)
        if isinstance(asked.probe, str):
            return self._wait(self._sender.look(asked.probe, asked.attributes))
        try:
            return asked.probe(asked.attributes)
        except LookupError:
            return None  # the receiver does not know the object, or not yet

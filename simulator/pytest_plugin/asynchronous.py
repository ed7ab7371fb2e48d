"""`aurora` in an async test: the same as in a plain one, and every method is to be awaited."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Generator
from functools import wraps
from inspect import isawaitable
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar

from simulator.errors import SimulatorError
from simulator.pytest_plugin.background import Background
from simulator.pytest_plugin.claims import assert_delivered, assert_exactly_once
from simulator.pytest_plugin.convergence import assert_converges
from simulator.pytest_plugin.dialogue import Dialogue, Do, Look, hear
from simulator.pytest_plugin.sender import Sender
from simulator.pytest_plugin.wording import recall

P = ParamSpec("P")
T = TypeVar("T")


class Question(Generic[T]):
    """Something to await. An assertion that nobody awaits would hold whatever happens, so it is noticed."""

    def __init__(self, name: str, ask: Callable[[], Coroutine[Any, Any, T]]) -> None:
        self.name, self._ask, self.awaited = name, ask, False

    def __await__(self) -> Generator[Any, None, T]:
        __tracebackhide__ = True
        self.awaited = True
        return self._ask().__await__()


def _awaited(
    work: Callable[Concatenate[Sender, P], Coroutine[Any, Any, T]],
) -> Callable[Concatenate[AsyncAurora, P], Question[T]]:
    """Work of the sender as a method to await."""

    @wraps(work)
    def method(self: AsyncAurora, /, *args: P.args, **kwargs: P.kwargs) -> Question[T]:
        return self._ask(work.__name__, lambda: self._wait(work(self._sender, *args, **kwargs)))

    return method


def _claimed(
    claim: Callable[Concatenate[Sender, P], Dialogue],
) -> Callable[Concatenate[AsyncAurora, P], Question[None]]:
    """An assertion as a method to await."""

    @wraps(claim)
    def method(self: AsyncAurora, /, *args: P.args, **kwargs: P.kwargs) -> Question[None]:
        return self._ask(claim.__name__, lambda: self._hold(claim(self._sender, *args, **kwargs)))

    return method


class AsyncAurora:
    """A simulated Aurora for one async test. Awaiting raises `SimulatorError` for what is not possible.

    A probe may be async too; it is asked on the loop of the test.
    """

    def __init__(self, sender: Sender, background: Background) -> None:
        self._sender, self._background = sender, background
        self._questions: list[Question[Any]] = []

    receiver = _awaited(Sender.receiver)
    subscribe = _awaited(Sender.subscribe)
    emit = _awaited(Sender.emit)
    story = _awaited(Sender.story)
    fault = _awaited(Sender.fault)
    advance = _awaited(Sender.advance)
    run_until_idle = _awaited(Sender.run_until_idle)
    deliveries = _awaited(Sender.deliveries)

    assert_delivered = _claimed(assert_delivered)
    assert_exactly_once = _claimed(assert_exactly_once)
    assert_converges = _claimed(assert_converges)

    def history(self) -> str:
        """What was sent last, and what came back; not to be awaited."""
        return recall(self._background.run(self._sender.deliveries()))

    def forgotten(self) -> list[str]:
        """The methods that were called and never awaited."""
        return [one.name for one in self._questions if not one.awaited]

    def _ask(self, name: str, ask: Callable[[], Coroutine[Any, Any, T]]) -> Question[T]:
        question = Question(name, ask)
        self._questions.append(question)
        return question

    async def _wait(self, work: Coroutine[Any, Any, T]) -> T:
        __tracebackhide__ = True
        try:
            return await asyncio.wrap_future(self._background.submit(work))
        except SimulatorError as error:
            raise error.with_traceback(None) from None  # our own frames tell a user nothing

    async def _hold(self, dialogue: Dialogue) -> None:
        __tracebackhide__ = True
        asked = hear(dialogue)
        while asked:
            asked = hear(dialogue, await self._answer(asked))

    async def _answer(self, asked: Do | Look) -> Any:
        __tracebackhide__ = True
        if isinstance(asked, Do):
            return await self._wait(asked.work)
        if isinstance(asked.probe, str):
            return await self._wait(self._sender.look(asked.probe, asked.attributes))
        try:
            seen = asked.probe(asked.attributes)
            return await seen if isawaitable(seen) else seen
        except LookupError:
            return None  # the receiver does not know the object, or not yet

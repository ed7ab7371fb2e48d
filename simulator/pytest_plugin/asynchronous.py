"""`aurora` in an async test: the same as in a plain one, and every method is to be awaited."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Generator, Mapping, Sequence
from inspect import isawaitable
from typing import Any, Generic, TypeVar

from simulator.domain.event import Event, PlannedEvent
from simulator.domain.fault import Fault
from simulator.domain.subscription import Subscription
from simulator.errors import SimulatorError
from simulator.pytest_plugin.background import Background
from simulator.pytest_plugin.claims import delivered, exactly_once
from simulator.pytest_plugin.convergence import converges
from simulator.pytest_plugin.dialogue import Dialogue, Do, Probe
from simulator.pytest_plugin.sender import Duration, Sender
from simulator.pytest_plugin.serving import App
from simulator.pytest_plugin.wanted import TENANT, aim, words
from simulator.pytest_plugin.wording import recall
from simulator.report.model import DeliveryView

T = TypeVar("T")


class Question(Generic[T]):
    """Something to await. An assertion that nobody awaits would hold whatever happens, so it is noticed."""

    def __init__(self, name: str, ask: Callable[[], Coroutine[Any, Any, T]]) -> None:
        self.name, self._ask, self.awaited = name, ask, False

    def __await__(self) -> Generator[Any, None, T]:
        __tracebackhide__ = True
        self.awaited = True
        return self._ask().__await__()


class AsyncAurora:
    """A simulated Aurora for one async test; see `Aurora` for what each method means. A probe may be async too."""

    def __init__(self, sender: Sender, background: Background) -> None:
        self._sender, self._background = sender, background
        self._questions: list[Question[Any]] = []

    def receiver(self, app: App | str) -> Question[str]:
        return self._ask("receiver", lambda: self._run(self._sender.receiver(app)))

    def subscribe(
        self,
        *events: str,
        to: App | str | None = None,
        url_template: str | None = None,
        header_auth: tuple[str, str] | None = None,
        basic_auth: tuple[str, str] | None = None,
        filters: Mapping[str, Sequence[str]] | None = None,
        tenant: str = TENANT,
    ) -> Question[tuple[Subscription, ...]]:
        wanted = words(url_template, header_auth, basic_auth, filters)
        return self._ask("subscribe", lambda: self._run(self._sender.subscribe(events, to, tenant, wanted)))

    def emit(self, event: str, /, *, tenant: str = TENANT, lenient: bool = False, **attributes: str) -> Question[Event]:
        return self._ask("emit", lambda: self._run(self._sender.emit(event, attributes, tenant, lenient=lenient)))

    def story(self, name: str, /, *, tenant: str = TENANT, **given: str) -> Question[list[PlannedEvent]]:
        return self._ask("story", lambda: self._run(self._sender.story(name, given, tenant)))

    def fault(
        self,
        kind: str,
        *,
        lasting: Duration | None = None,
        event: str | None = None,
        subscription: Subscription | None = None,
        attempt: int | Sequence[int] | None = None,
        probability: float = 1.0,
        status: int = 503,
        delay: Duration = "5s",
        period: Duration = "1m",
    ) -> Question[Fault]:
        aimed = aim(
            event=event,
            subscription=subscription,
            attempt=attempt,
            probability=probability,
            status=status,
            delay=delay,
            period=period,
        )
        return self._ask("fault", lambda: self._run(self._sender.fault(kind, lasting, **aimed)))

    def advance(self, by: Duration) -> Question[None]:
        return self._ask("advance", lambda: self._run(self._sender.advance(by)))

    def run_until_idle(self) -> Question[None]:
        return self._ask("run_until_idle", lambda: self._run(self._sender.run_until_idle()))

    def deliveries(self, event: str | None = None) -> Question[tuple[DeliveryView, ...]]:
        return self._ask("deliveries", lambda: self._run(self._sender.deliveries(event)))

    def assert_delivered(self, event: str | None = None) -> Question[None]:
        return self._ask("assert_delivered", lambda: self._demand(delivered(event)))

    def assert_exactly_once(self, count: Probe, event: str | None = None) -> Question[None]:
        return self._ask("assert_exactly_once", lambda: self._demand(exactly_once(event), count))

    def assert_converges(
        self, story: str, state: Probe, *, examples: int = 20, tenant: str = TENANT, **given: str
    ) -> Question[None]:
        dialogue = converges(story, given, tenant, examples)
        return self._ask("assert_converges", lambda: self._demand(dialogue, state))

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

    async def _run(self, work: Coroutine[Any, Any, T]) -> T:
        __tracebackhide__ = True
        try:
            return await asyncio.wrap_future(self._background.submit(work))
        except SimulatorError as error:
            raise error.with_traceback(None) from None  # our own frames tell a user nothing

    async def _demand(self, dialogue: Dialogue, probe: Probe = "") -> None:
        __tracebackhide__ = True
        answer: Any = None
        while True:
            try:
                asked = dialogue.send(answer)
            except StopIteration as ended:
                if ended.value:
                    raise AssertionError(ended.value) from None
                return
            if isinstance(asked, Do):
                answer = await self._run(asked.work(self._sender))
            else:
                answer = await self._look(probe, asked.attributes)

    async def _look(self, probe: Probe, attributes: Mapping[str, str]) -> Any:
        if isinstance(probe, str):
            return await self._run(self._sender.look(probe, attributes))
        try:
            seen = probe(attributes)
            return await seen if isawaitable(seen) else seen
        except LookupError:
            return None  # the receiver does not know the object, or not yet

"""`aurora` in a plain test: each method returns when it is done."""

from __future__ import annotations

from collections.abc import Coroutine, Mapping, Sequence
from typing import Any, TypeVar

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


class Aurora:
    """A simulated Aurora for one plain test. Every method raises `SimulatorError` for what is not possible."""

    def __init__(self, sender: Sender, background: Background) -> None:
        self._sender, self._background = sender, background

    def receiver(self, app: App | str) -> str:
        """Run an ASGI, WSGI or aiohttp application on loopback until the test ends; its base URL.

        It is the receiver meant where none is named. A URL is taken as it is.
        """
        __tracebackhide__ = True
        return self._run(self._sender.receiver(app))

    def subscribe(
        self,
        *events: str,
        to: App | str | None = None,
        url_template: str | None = None,
        header_auth: tuple[str, str] | None = None,
        basic_auth: tuple[str, str] | None = None,
        filters: Mapping[str, Sequence[str]] | None = None,
        tenant: str = TENANT,
    ) -> tuple[Subscription, ...]:
        """A subscription for each of these events, for every event of the catalogue where none is named.

        Without a template of its own each takes the suggested path and query on the receiver.
        """
        __tracebackhide__ = True
        wanted = words(url_template, header_auth, basic_auth, filters)
        return self._run(self._sender.subscribe(events, to, tenant, wanted))

    def emit(self, event: str, /, *, tenant: str = TENANT, lenient: bool = False, **attributes: str) -> Event:
        """An event occurs now; attributes that nobody gives are generated (E1)."""
        __tracebackhide__ = True
        return self._run(self._sender.emit(event, attributes, tenant, lenient=lenient))

    def story(self, name: str, /, *, tenant: str = TENANT, **given: str) -> list[PlannedEvent]:
        """A story begins now; its events occur as time passes."""
        __tracebackhide__ = True
        return self._run(self._sender.story(name, given, tenant))

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
    ) -> Fault:
        """From now on, for as long as it is `lasting`, this goes wrong on the wire; it costs no real time."""
        __tracebackhide__ = True
        aimed = aim(
            event=event,
            subscription=subscription,
            attempt=attempt,
            probability=probability,
            status=status,
            delay=delay,
            period=period,
        )
        return self._run(self._sender.fault(kind, lasting, **aimed))

    def advance(self, by: Duration) -> None:
        """Let so much virtual time pass ("5m30s", or a timedelta); whatever falls due on the way happens."""
        __tracebackhide__ = True
        self._run(self._sender.advance(by))

    def run_until_idle(self) -> None:
        """Let virtual time pass until everything planned has occurred and nothing is pending."""
        __tracebackhide__ = True
        self._run(self._sender.run_until_idle())

    def deliveries(self, event: str | None = None) -> tuple[DeliveryView, ...]:
        """Every delivery so far with its attempts, oldest first."""
        __tracebackhide__ = True
        return self._run(self._sender.deliveries(event))

    def assert_delivered(self, event: str | None = None) -> None:
        """Run until idle; then everything that was to be delivered must be, and something must have been (R1)."""
        __tracebackhide__ = True
        self._demand(delivered(event))

    def assert_exactly_once(self, count: Probe, event: str | None = None) -> None:
        """Run until idle; then `count` must say of each event that it took effect once, however often it was sent.

        `count` is a function of the event's attributes, or a path such as "/orders/<AGREEMENT_ID>" of the receiver;
        it gives a number, or something that holds as many.
        """
        __tracebackhide__ = True
        self._demand(exactly_once(event), count)

    def assert_converges(
        self, story: str, state: Probe, *, examples: int = 20, tenant: str = TENANT, **given: str
    ) -> None:
        """Whatever the order and however often its events come, a story must end in the same state (R11).

        `state` is a function of the story's attributes, or a path such as "/agreements/<AGREEMENT_ID>" of the
        receiver; a `LookupError` says that the object is not known. Every history has ids of its own. `examples`
        says how many shuffles of the whole story are tried after all the short histories.
        """
        __tracebackhide__ = True
        self._demand(converges(story, given, tenant, examples), state)

    def history(self) -> str:
        """What was sent last, and what came back."""
        return recall(self._run(self._sender.deliveries()))

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        __tracebackhide__ = True
        try:
            return self._background.run(work)
        except SimulatorError as error:
            raise error.with_traceback(None) from None  # our own frames tell a user nothing

    def _demand(self, dialogue: Dialogue, probe: Probe = "") -> None:
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
                answer = self._run(asked.work(self._sender))
            else:
                answer = self._look(probe, asked.attributes)

    def _look(self, probe: Probe, attributes: Mapping[str, str]) -> Any:
        if isinstance(probe, str):
            return self._run(self._sender.look(probe, attributes))
        try:
            return probe(attributes)
        except LookupError:
            return None  # the receiver does not know the object, or not yet

"""What each step of a scenario does, said once: for a run, which does it, and for a plan, which foresees it.

In: steps whose instant has come, and a stage: a simulation, or the course of a plan. Out: whatever the stage makes of
them. When a step's instant comes is for whoever owns the time. What the provider refuses is noted, not raised.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial, singledispatchmethod
from typing import Any, Protocol

from simulator.domain import order
from simulator.domain.chance import draw
from simulator.domain.fault import Fault
from simulator.domain.provider import Profile
from simulator.errors import Bug, Misuse, Refused
from simulator.report.remark import RemarkView
from simulator.scenario.cadence import Subject, Traffic
from simulator.scenario.timeline import (
    Act,
    Checkpoint,
    Clear,
    Delete,
    Disable,
    Emit,
    Enable,
    Inject,
    PlayStory,
    Register,
    Registration,
    Resend,
    Step,
    Update,
)
from simulator.scenario.wording import on_receiver

Key = tuple[str | int, ...]
"""Tells one event from the next where something is drawn by seed."""


class Subscriptions(Protocol):
    """What a customer does with subscriptions. Each raises `Misuse` where the provider refuses it."""

    def update(self, subscription_id: str, words: Mapping[str, Any], /) -> object: ...
    def enable(self, subscription_id: str, /) -> object: ...
    def disable(self, subscription_id: str, /) -> object: ...
    def delete(self, subscription_id: str, /) -> object: ...


class Stage(Protocol):
    """Where steps are carried out, each at the instant at which it is asked for."""

    @property
    def profile(self) -> Profile: ...

    @property
    def seed(self) -> int: ...

    @property
    def subscriptions(self) -> Subscriptions: ...

    def now(self) -> int: ...

    def register(self, tenant: str, words: Mapping[str, Any], *, name: str) -> str:
        """The id of a new subscription."""
        ...

    def emit(self, tenant: str, event: str, given: Mapping[str, str], *, key: Key, lenient: bool = False) -> object: ...
    def play(self, tenant: str, story: str, given: Mapping[str, str], *, key: Key) -> object: ...
    def act(self, tenant: str, action: str, given: Mapping[str, str], *, key: Key) -> object:
        """What a customer does through the provider's API; raises `Misuse` where nothing can be done (A12)."""
        ...

    def inject(self, fault: Fault, /) -> object: ...
    def clear(self, wanted: Callable[[Fault], bool], /) -> object: ...

    def meant_by(self, step: Resend, subscription_id: str | None) -> Sequence[int]:
        """The ids of the deliveries that are to be sent again."""
        ...

    def resend(self, delivery_id: int, /) -> object:
        """Send it again; raises `Refused` where the provider would (R10)."""
        ...


def occurs(step: Step) -> bool:
    """Whether a step belongs to the events of its instant, and not to the changes that come before them (R13)."""
    return isinstance(step, Emit | PlayStory | Act | Resend)


def rank_of(step: Step) -> int:
    """The place of a step within its instant (R13)."""
    return (order.EVENT if occurs(step) else order.CHANGE) + (step.turn - 1) * order.TURN


class Enactment:
    """Carries out steps on one stage, against one receiver. `remark` is told of checkpoints and of what was refused.

    `refusals` says of each delivery whose resend was refused why (R10).
    """

    def __init__(self, stage: Stage, receiver: str, remark: Callable[[RemarkView], None]) -> None:
        self._stage, self._receiver, self._remark = stage, receiver, remark
        self._ids: dict[str, str] = {}
        self.refusals: dict[int, str] = {}

    def register(self, registration: Registration) -> None:
        """Make a subscription. Raises `Misuse` where the provider refuses it."""
        words = self._on_receiver(registration.words)
        self._ids[registration.name] = self._stage.register(registration.tenant, words, name=registration.name)

    def do(self, step: Step) -> None:
        """The step happens now."""
        try:
            self._carry_out(step)
        except Misuse as refusal:
            self._refused(f"line {step.line}: {refusal}")

    def beat(self, traffic: Traffic, number: int) -> None:
        """One of the subjects of this traffic occurs now; `number` counts its beats from 0."""
        key = ("traffic", traffic.number, number)
        subject = _draw_subject(traffic.subjects, self._stage.seed, key)
        if subject.event:
            self._stage.emit(traffic.tenant, subject.event, subject.attributes, key=key)
        elif subject.story:
            self._stage.play(traffic.tenant, subject.story, subject.attributes, key=key)

    @singledispatchmethod
    def _carry_out(self, step: Step) -> None:
        raise Bug(f"no one knows how to carry out {step!r}")

    @_carry_out.register
    def _(self, step: Emit) -> None:
        for number in range(step.count):
            key = ("step", step.number, number)
            self._stage.emit(step.tenant, step.event, step.attributes, key=key, lenient=step.lenient)

    @_carry_out.register
    def _(self, step: PlayStory) -> None:
        self._stage.play(step.tenant, step.story, step.attributes, key=("step", step.number))

    @_carry_out.register
    def _(self, step: Act) -> None:
        self._stage.act(step.tenant, step.action, step.attributes, key=("step", step.number))

    @_carry_out.register
    def _(self, step: Register) -> None:
        self.register(step.registration)

    @_carry_out.register
    def _(self, step: Update) -> None:
        self._stage.subscriptions.update(self._ids[step.subscription], self._on_receiver(step.words))

    @_carry_out.register
    def _(self, step: Disable) -> None:
        self._stage.subscriptions.disable(self._ids[step.subscription])

    @_carry_out.register
    def _(self, step: Enable) -> None:
        self._stage.subscriptions.enable(self._ids[step.subscription])

    @_carry_out.register
    def _(self, step: Delete) -> None:
        self._stage.subscriptions.delete(self._ids[step.subscription])

    @_carry_out.register
    def _(self, step: Inject) -> None:
        self._stage.inject(step.aimed(self._ids))

    @_carry_out.register
    def _(self, step: Clear) -> None:
        self._stage.clear(partial(self._is_meant, step))

    @_carry_out.register
    def _(self, step: Checkpoint) -> None:
        self._remark(RemarkView(step.at, step.say, refused=False))

    @_carry_out.register
    def _(self, step: Resend) -> None:
        """Every delivery that is meant is resent or refused for itself: one refusal does not keep back the others."""
        for delivery_id in self._stage.meant_by(step, self._ids[step.subscription] if step.subscription else None):
            try:
                self._stage.resend(delivery_id)
            except Refused as refusal:
                self.refusals[delivery_id] = str(refusal)
                self._refused(str(refusal))

    def _is_meant(self, step: Clear, fault: Fault) -> bool:
        return (
            step.fault_id in (None, fault.id)
            and step.kind in (None, fault.kind)
            and (step.subscription is None or self._ids[step.subscription] == fault.subscription_id)
        )

    def _on_receiver(self, words: Mapping[str, Any]) -> dict[str, Any]:
        return on_receiver(self._stage.profile, words, self._receiver)

    def _refused(self, text: str) -> None:
        self._remark(RemarkView(self._stage.now(), text, refused=True))


def _draw_subject(subjects: Sequence[Subject], seed: int, key: Key) -> Subject:
    """The subject in whose share of the weights the draw falls."""
    if len(subjects) == 1:
        return subjects[0]
    left = draw(seed, *key) * sum(subject.weight for subject in subjects)
    for subject in subjects:
        left -= subject.weight
        if left < 0:
            return subject
    return subjects[-1]

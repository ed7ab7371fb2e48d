"""Scenarios that were thought of: each holds one thing that is easily foreseen wrongly."""

from __future__ import annotations

from dataclasses import replace

from plan_engine import START, make_scenario
from plan_strategies import words

from simulator.domain.fault import Fault, FaultKind
from simulator.domain.health import DisableRule
from simulator.domain.instant import DAY, SECOND
from simulator.domain.provider import Profile
from simulator.providers import AURORA
from simulator.scenario.scenario import Scenario
from simulator.scenario.timeline import Disable, Emit, Enable, Inject, Registration, Resend, Step

EVENT = "project_created"


def at(seconds: int) -> int:
    return START + seconds * SECOND


def emit(seconds: int, count: int = 1) -> Emit:
    return Emit(at(seconds), 1, EVENT, "demo", {}, count, lenient=False)


def inject(kind: FaultKind, seconds: int, until: int | None = None, *, delay: int = 5) -> Inject:
    fault = Fault(kind.value, kind, at(seconds), None if until is None else at(until), delay_us=delay * SECOND)
    return Inject(at(seconds), 1, fault, None)


def tripped_by(attempts: int) -> Profile:
    return replace(AURORA, disable=DisableRule(attempts, 48 * 3_600))


def happening(*steps: Step, profile: Profile = AURORA) -> Scenario:
    return make_scenario([Registration("crm", "demo", words(EVENT))], steps, profile=profile)


CASES = {
    "the rest of a herd goes before the event of its instant": (
        (2, 5),
        happening(inject(FaultKind.REFUSE, 0), emit(0, 6), emit(30), profile=tripped_by(10)),
    ),
    "a herd that is larger than a wave, disabled in its midst": (
        (1_024, 4_096),
        happening(inject(FaultKind.REFUSE, 0), emit(0, 1_200)),
    ),
    "a herd that hangs and is larger than the airspace": (
        (3, 7),
        happening(inject(FaultKind.TIMEOUT, 0, 60), emit(0, 20)),
    ),
    "stopped on the wire, resent, and retried again": (
        (1_024, 4_096),
        happening(
            inject(FaultKind.TIMEOUT, 0, 20),
            emit(0),
            Disable(at(5), 1, "crm"),
            Enable(at(12), 1, "crm"),
            Resend(at(15), 1, "crm", None, 1, START, START + DAY),
        ),
    ),
    "delivered after it was disabled, and not duplicated": (
        (1_024, 4_096),
        happening(inject(FaultKind.SLOW, 0), inject(FaultKind.DUPLICATE, 0), emit(0), Disable(at(2), 1, "crm")),
    ),
    "turns at one instant: what is changed in the second, the events of the first have not seen": (
        (1_024, 4_096),
        happening(
            emit(0),
            replace(inject(FaultKind.REFUSE, 0), turn=2),
            replace(emit(0), turn=2),
            replace(emit(0), turn=3),
            Disable(at(30), 1, "crm", turn=2),
            Enable(at(30), 1, "crm", turn=3),
            Resend(at(30), 1, "crm", None, 2, START, START + DAY, turn=3),
        ),
    ),
}

"""What a check found: a verdict, one sentence, and what shows it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

Verdict = Literal["pass", "fail", "warn", "unknown", "skipped"]


@dataclass(frozen=True, slots=True)
class Finding:
    """`evidence` holds ids of deliveries, and texts. `measured` is what depends on the machine, so it is in no digest.

    `give` says what would make an unknown observable; `scenario` is the text of a scenario that shows a failure again.
    """

    verdict: Verdict
    message: str
    evidence: tuple[int | str, ...] = ()
    measured: str = ""
    give: str = ""
    scenario: str = ""

    def measuring(self, measured: str) -> Finding:
        return replace(self, measured=measured)


def passed(message: str) -> Finding:
    return Finding("pass", message)


def failed(message: str, *evidence: int | str, scenario: str = "") -> Finding:
    return Finding("fail", message, evidence, scenario=scenario)


def warned(message: str, *evidence: int | str) -> Finding:
    return Finding("warn", message, evidence)


def unknown(message: str, *, give: str = "") -> Finding:
    """Nothing could observe it: never a pass."""
    return Finding("unknown", message, give=give)


def unstable() -> Finding:
    """For checks that vary one thing, and can tell nothing once the plain form is refused as well."""
    return unknown("a plain event is not taken any more, so that a refusal proves nothing; see every-event")


def unshown() -> Finding:
    """For checks of effects, where the probe speaks of none of the events."""
    return unknown(
        "the probe can be asked about none of the events in scope",
        give="a probe that names no attribute, or one that these events have",
    )


def skipped(message: str, *, give: str = "") -> Finding:
    """It does not apply here, or rests on something that failed already."""
    return Finding("skipped", message, give=give)

"""What a run notes beside its rows, because they cannot say it: its name, its readings, what its expectations came to.

In: what is known when it begins, when nothing happens any more, and when it is judged. Out: facts, which
`simulator/report/recorded.py` reads to make the same report again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from simulator import __version__
from simulator.domain.provider import Profile
from simulator.report.remark import RemarkView

if TYPE_CHECKING:
    from simulator.report.model import Report

Facts = Mapping[str, Any]


def opening(profile: Profile, *, scenario: str, description: str, seed: int, start: int, command: str) -> Facts:
    """What to note before a run begins."""
    return {
        "scenario": scenario,
        "description": description,
        "provider": profile.name,
        "seed": seed,
        "start": start,
        "readings": asdict(profile.readings),
        "command": command,
        "version": __version__,
    }


def course(remarks: Iterable[RemarkView], reached: int) -> Facts:
    """What to note when nothing happens any more, however the run ended: `reached` is where the clock stands."""
    return {"remarks": [asdict(one) for one in remarks], "reached": reached}


def judged(report: Report) -> Facts:
    """What to note when the expectations are judged."""
    return {"real_seconds": report.clock.real_seconds, "expectations": [asdict(one) for one in report.expectations]}

"""The report of a simulation that goes on: the same model as a finished run's, up to now.

In: the ledger, read beside the engine, and where the clock stands. Out: a `Report` without expectations.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from sqlite_utils import Database

from simulator import __version__
from simulator.domain.provider import Profile
from simulator.report.build import count_totals, view_deliveries, view_faults, view_subscriptions
from simulator.report.model import ClockView, Report
from simulator.report.recorded import LIVE
from simulator.store import readback


def live_report(db: Database, profile: Profile, clock: ClockView, only: Sequence[int] | None = None) -> Report:
    """What happened so far; `only` leaves out every other delivery, and counts those alone."""
    facts = readback.facts(db)
    deliveries = view_deliveries(db, only)
    return Report(
        scenario=LIVE,
        description=f"A simulation of {profile.name} that goes on",
        provider=profile.name,
        seed=facts["seed"],
        version=__version__,
        clock=clock,
        totals=count_totals(db, deliveries),
        expectations=(),
        subscriptions=view_subscriptions(db, deliveries),
        deliveries=deliveries,
        faults=view_faults(db),
        readings=asdict(profile.readings),
        ladder_seconds=profile.ladder_seconds,
        disable=profile.disable,
        clauses=profile.clauses,
    )

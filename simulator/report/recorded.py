"""The report of a recorded run, from its ledger alone.

In: a database, open. Out: a `Report`. What rows cannot say (what the run was called, under which readings, what its
expectations came to) was noted beside them as facts (`simulator/report/noted.py`): so the report that is made again
years later is the one that was made at once, digest included. A run that was broken off was never judged: its report
tells what happened so far, and does not pass. A simulation that was served has no expectations: its report tells what
happened up to now.
"""

from __future__ import annotations

from sqlite_utils import Database

from simulator.domain.instant import format_instant
from simulator.errors import Refused
from simulator.providers import profile_named
from simulator.report.build import count_totals, view_deliveries, view_faults, view_subscriptions
from simulator.report.model import ClockView, Judgement, Report
from simulator.report.noted import Facts
from simulator.report.remark import RemarkView
from simulator.store import readback
from simulator.store.queries import last_instant

LIVE = "live"
"""What a simulation is called that no scenario brought about."""


def recorded_report(db: Database) -> Report:
    """The report of the run or the served simulation that this database holds; raises `Refused` where it holds none."""
    facts = readback.facts(db)
    if "start" not in facts:
        raise Refused("this database holds no run of a scenario, and no simulation")
    profile = profile_named(facts["provider"])
    deliveries = view_deliveries(db)
    reached = facts["reached"] if "reached" in facts else max(last_instant(db) or facts["start"], facts.get("now", 0))
    return Report(
        scenario=facts.get("scenario", LIVE),
        description=facts.get("description", f"A simulation of {profile.name} that goes on"),
        provider=profile.name,
        seed=facts["seed"],
        version=facts["version"],
        clock=ClockView(facts["start"], reached, facts.get("real_seconds", 0.0)),
        totals=count_totals(db, deliveries),
        expectations=_expectations(facts, reached),
        subscriptions=view_subscriptions(db, deliveries),
        deliveries=deliveries,
        faults=view_faults(db),
        remarks=tuple(RemarkView(**one) for one in facts.get("remarks", ())),
        readings=facts["readings"],
        receiver=facts.get("receiver", ""),
        command=facts.get("command", ""),
        ladder_seconds=profile.ladder_seconds,
        disable=profile.disable,
        clauses=profile.clauses,
    )


def _expectations(facts: Facts, reached: int) -> tuple[Judgement, ...]:
    if "scenario" not in facts:
        return ()  # people held the clock: nothing was expected of what they did
    if "expectations" in facts:
        return tuple(Judgement(**{**one, "evidence": tuple(one["evidence"])}) for one in facts["expectations"])
    actual = f"broken off at {format_instant(reached)}, its expectations were not judged"
    return (Judgement("the run", "fail", "comes to its end", actual),)

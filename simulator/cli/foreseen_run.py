"""`aurora-sim plan --db`: what a plan foresees, kept as a run that `aurora-sim report` and any SQLite tool can read.

In: an inquiry and a file. Out: the course, let run and written there, with the facts that a report wants to know. No
expectation is judged: what is foreseen has not happened.
"""

from __future__ import annotations

from pathlib import Path

from simulator.cli.foresee import RECEIVER, Foresight
from simulator.cli.planning import Inquiry, let_run
from simulator.clock.stopwatch import Stopwatch
from simulator.errors import Refused
from simulator.plan.course import Course
from simulator.plan.journal import Journal
from simulator.report.noted import course as course_facts
from simulator.report.noted import opening
from simulator.store.ledger import Ledger


def let_run_into(path: Path, inquiry: Inquiry, command: str) -> tuple[Course, Foresight]:
    """As `let_run`, recorded in this file. Raises `Refused` where it holds a run already, or `StoreUnusable`."""
    stopwatch = Stopwatch()
    ledger = Ledger(path)
    try:
        if not ledger.empty:
            raise Refused(f"{path} holds a run already; name a new file, or look at it with: aurora-sim report")
        course, foresight = let_run(inquiry, Journal(ledger))
        ledger.note(
            {
                **opening(
                    course.profile,
                    scenario=inquiry.name,
                    description="\n".join(f"{about}: {words}" for about, words in inquiry.assumptions.items()),
                    seed=inquiry.seed,
                    start=inquiry.start,
                    command=command,
                ),
                **course_facts(foresight.remarks, course.instants.now),
                "receiver": RECEIVER,
                "real_seconds": stopwatch.elapsed_us() / 1_000_000,
                "expectations": [],
            }
        )
    finally:
        ledger.close()
    return course, foresight

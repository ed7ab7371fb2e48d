"""Goal 4: no network at all. The plan against SimPy on the same ladder, and against the bare insertion of its rows."""

from __future__ import annotations

import gc
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from importlib.util import find_spec
from pathlib import Path

import sender
from pairs import Chunk, Finding, Goal, Sample, Timed, alternate, rate_ratio, without

from simulator.domain.fault import Fault, FaultKind
from simulator.domain.instant import SECOND
from simulator.domain.order import EVENT
from simulator.plan.cadences import Cadences
from simulator.plan.course import Course
from simulator.plan.journal import GROUP, Journal
from simulator.providers import AURORA
from simulator.store.database import open_database
from simulator.store.ledger import Ledger

TENANTS = 2_000
LADDERS = 16 * TENANTS  # sixteen times five failures: one success short of an auto-disable, in every tenant
DELAYS = AURORA.ladder_seconds
FAILING = Fault("away", FaultKind.STATUS, since=0, positions=frozenset(range(1, len(DELAYS) + 1)))
TENANT = [f"tenant-{number}" for number in range(TENANTS)]
EVENTS = [sender.attributes(number) for number in range(LADDERS)]
AS_IT_COMES = (700, 10, 10)  # how often Python looks for garbage where nobody says otherwise
RECORDED = ("events", "deliveries", "attempts")

Traffic = Callable[[Course], None]


async def measure(_: str, folder: Path, pairs: int) -> list[Finding]:
    path = folder / "pure.sqlite"
    herd, trickle, ahead = _in_memory(at_once), _in_memory(_one_a_second), Goal(least=1.0)
    contests: list[tuple[str, Chunk, Chunk, Goal]] = [
        ("ladders in memory, at once / SimPy", herd, _simpy(0, AS_IT_COMES), ahead),
        ("ladders in memory, one a second / SimPy", trickle, _simpy(1, AS_IT_COMES), ahead),
        ("at once / SimPy without its garbage collector", herd, _simpy(0, None), Goal()),
        ("one a second / SimPy without its garbage collector", trickle, _simpy(1, None), Goal()),
        ("ladders in a file / executemany", _in_file(path), _bare(path, folder / "copied.sqlite"), Goal(least=0.8)),
    ]
    with _collecting(None):  # a plan does so itself; insertion makes no garbage
        return [await _contest(*contest, pairs) for contest in contests]


@contextmanager
def _collecting(thresholds: tuple[int, int, int] | None) -> Iterator[None]:
    """The garbage collector looks this often, or never; afterwards as before."""
    enabled, former = gc.isenabled(), gc.get_threshold()
    if thresholds:
        gc.set_threshold(*thresholds)
        gc.enable()
    else:
        gc.disable()
    try:
        yield
    finally:
        gc.set_threshold(*former)
        (gc.enable if enabled else gc.disable)()


async def _contest(name: str, ours: Chunk, other: Chunk, goal: Goal, pairs: int) -> Finding:
    if "SimPy" in name and not find_spec("simpy"):
        return without(name, "simpy", goal)
    return rate_ratio(name, await alternate(ours, other, pairs), goal)


def _in_memory(traffic: Traffic) -> Chunk:
    async def chunk() -> Sample:
        return run(Course(AURORA, start=0, requests=True), traffic)

    return chunk


def _in_file(path: Path) -> Chunk:
    async def chunk() -> Sample:
        for one in path.parent.glob(f"{path.name}*"):
            one.unlink()
        with closing(Ledger(path)) as ledger:
            return run(Course(AURORA, start=0, journal=Journal(ledger)), at_once)

    return chunk


def run(course: Course, traffic: Traffic, *, failing: bool = True) -> Sample:
    """Every event of every tenant meets five failures; all is matched, filtered, rendered, judged and recorded."""
    for tenant in TENANT:
        course.subscriptions.register(tenant, sender.words("http://127.0.0.1:9"), name="crm")
    if failing:
        course.inject(FAILING)
    traffic(course)
    gc.collect()
    with Timed() as timed:
        course.run()
    attempts = len(DELAYS) + 1 if failing else 1
    assert all(one.delivered_at is not None and len(one.records) == attempts for one in course.deliveries)
    assert len(course.deliveries) == LADDERS
    return timed.sample(LADDERS)


def at_once(course: Course) -> None:
    def emit() -> None:
        for number in range(LADDERS):
            _emit(course, number)

    course.instants.at(0, EVENT, emit)


def _one_a_second(course: Course) -> None:
    Cadences(course.instants).every(SECOND, lambda number: _emit(course, number), since=0, until=LADDERS * SECOND)


def _emit(course: Course, number: int) -> None:
    course.emit(TENANT[number % TENANTS], sender.EVENT, lambda: EVENTS[number])


def _simpy(every: int, thresholds: tuple[int, int, int] | None) -> Chunk:
    """The same ladder in a general simulator, which matches, renders, judges and records nothing."""

    async def chunk() -> Sample:
        import simpy

        environment = simpy.Environment()
        attempts = 0

        def ladder() -> Iterator[object]:
            nonlocal attempts
            for delay in DELAYS:
                attempts += 1
                yield environment.timeout(delay)
            attempts += 1

        def events() -> Iterator[object]:
            for _ in range(LADDERS):
                environment.process(ladder())
                if every:
                    yield environment.timeout(every)

        gc.collect()
        with _collecting(thresholds), Timed() as timed:
            environment.process(events())
            environment.run()
        assert attempts == LADDERS * (len(DELAYS) + 1)
        return timed.sample(LADDERS)

    return chunk


def _bare(recorded: Path, path: Path) -> Chunk:
    """The rows that our last chunk has recorded, inserted once more into the same tables of another file."""

    async def chunk() -> Sample:
        for one in path.parent.glob(f"{path.name}*"):
            one.unlink()
        batches = [batch for table in RECORDED for batch in _batches(recorded, table)]
        gc.collect()
        with closing(open_database(path).conn) as into:
            with Timed() as timed:
                for statement, rows in batches:
                    into.execute("BEGIN IMMEDIATE")
                    into.executemany(statement, rows)
                    into.execute("COMMIT")
            return timed.sample(LADDERS)

    return chunk


def _batches(recorded: Path, table: str) -> Iterator[tuple[str, list[tuple[object, ...]]]]:
    with closing(sqlite3.connect(recorded)) as source:
        columns = [name for _, name, *_, hidden in source.execute(f"PRAGMA table_xinfo({table})") if not hidden]
        rows = source.execute(f"SELECT {', '.join(columns)} FROM {table} ORDER BY 1").fetchall()
    statement = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
    for start in range(0, len(rows), GROUP):
        yield statement, rows[start : start + GROUP]

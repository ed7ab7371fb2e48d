"""All checks against one receiver, in their order, as one report.

In: a target, the events and probes that the user gave. Out: a `Report` whose `checks` say what each found. A receiver
that cannot be reached at all is no finding: it raises `Unavailable`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass, field, replace

from simulator.clock.clock import Clock
from simulator.clock.stopwatch import Stopwatch
from simulator.contract.bench import Bench
from simulator.contract.check import Check, Need, is_polled
from simulator.contract.checks import CATALOGUE
from simulator.contract.checks.polling import POLLING
from simulator.contract.finding import Finding, skipped, unknown
from simulator.contract.probe import Probes
from simulator.contract.target import Target, verbatim
from simulator.domain.instant import parse_instant
from simulator.domain.outcome import Kind
from simulator.domain.provider import Profile
from simulator.engine.simulation import Simulation
from simulator.errors import Misuse, NotFound, Unavailable, did_you_mean
from simulator.report.model import CheckView, Report
from simulator.report.noted import course, opening
from simulator.report.recorded import recorded_report
from simulator.store.ledger import Ledger
from simulator.wire.sender import live_wire

PATIENCE_SECONDS = 5.0  # real: how long one check may go on sending further cases to a slow receiver
START = parse_instant("2026-01-05T09:00:00Z")  # a Monday morning: the same every time, so that a seed repeats all

_NOBODY_THERE = frozenset({Kind.REFUSED, Kind.DNS, Kind.UNREACHABLE, Kind.CONNECT_TIMEOUT, Kind.TLS})
_GIVE: dict[Need, str] = {
    "credentials": "--header-auth NAME=VALUE or --basic-auth USER:PASSWORD, as the receiver demands them",
    "probe": "--state-url, --state-cmd or --state-sql, which shows what the receiver knows",
    "repeat probe": "--repeat-url, --repeat-cmd or --repeat-sql",
    "way to reconcile": "--reconcile-url or --reconcile-cmd, which makes the receiver poll <API> with the key <KEY>",
}


Api = Callable[[Simulation, Sequence[str]], AbstractAsyncContextManager[tuple[str, str]]]
"""Serves the objects of these tenants, for a receiver that polls: where, and a key for the first."""


@dataclass(frozen=True, slots=True)
class Verification:
    """What to verify, and how. `command` repeats it, without secrets; `watch` is told of every check."""

    target: Target
    profile: Profile
    events: Sequence[str] = ()
    probes: Probes = field(default_factory=Probes)
    checks: Sequence[Check] = CATALOGUE
    seed: int = 0
    allowed_hosts: Sequence[str] = ()
    source_address: str | None = None
    """The address of this machine to send from (A13)."""

    api: Api | None = None

    patience_seconds: float = PATIENCE_SECONDS
    command: str = ""
    watch: Callable[[Check, Finding | None], None] = lambda _check, _finding: None
    """Called with None when a check begins, and with its finding."""


def chosen(only: Sequence[str], skip: Sequence[str]) -> tuple[Check, ...]:
    """The checks that are meant; raises `NotFound` for a name that none has, `Misuse` where none is left."""
    names = [check.id for check in CATALOGUE]
    for name in (*only, *skip):
        if name not in names:
            raise NotFound(f'there is no check "{name}"{did_you_mean(name, names)}; there are {", ".join(names)}')
    left = tuple(check for check in CATALOGUE if (not only or check.id in only) and check.id not in skip)
    if not left:
        raise Misuse("no check is left: all that are named by --only are left out by --skip")
    return left


async def verify(wanted: Verification) -> Report:
    """Carry out the checks. Raises `Unavailable` where nobody answers, `Misuse` where the target fits no event."""
    events = wanted.target.events(wanted.profile.catalogue, wanted.events)
    stopwatch = Stopwatch()
    async with AsyncExitStack() as stack:
        ledger = Ledger()
        stack.callback(ledger.close)
        ledger.note(_opening(wanted))
        profile = _lenient(wanted.profile)
        wire = live_wire(profile, wanted.allowed_hosts, source_address=wanted.source_address)
        simulation = Simulation(profile, Clock(START), wire, ledger, seed=wanted.seed)
        stack.push_async_callback(simulation.stop)
        stack.push_async_callback(wanted.probes.close)
        bench = Bench(simulation, wanted.target, events, wanted.probes, wanted.patience_seconds)
        await _must_be_there(bench)
        if wanted.api and wanted.probes.reconcile and not is_polled(profile):
            bench.api = await stack.enter_async_context(wanted.api(simulation, [POLLING]))
        views = [await _carry_out(check, bench, wanted) for check in wanted.checks]
        simulation.commit()
        ledger.note({**course((), simulation.clock.now()), "expectations": []})
        report = recorded_report(ledger.db)
    clock = replace(report.clock, real_seconds=stopwatch.elapsed_us() / 1_000_000)
    return replace(report, checks=tuple(views), clock=clock)


def _lenient(profile: Profile) -> Profile:
    """The provider, but with headers that it would refuse to store, and events that it may add."""
    catalogue = {**profile.catalogue, **profile.unfamiliar}
    return replace(profile, define=verbatim(profile.define), catalogue=catalogue)


def _opening(wanted: Verification) -> dict[str, object]:
    told = opening(
        wanted.profile,
        scenario="Go-live check",
        description="Every check of the contract that applies, each with the sentence it enforces.",
        seed=wanted.seed,
        start=START,
        command=wanted.command,
    )
    return {**told, "receiver": wanted.target.base}


async def _must_be_there(bench: Bench) -> None:
    """A receiver that is not running, and a probe that does not work, are no fault of the receiver's code."""
    await bench.begin("plain")
    outcome = (await bench.plain())[0].outcomes[-1]
    if outcome.kind in _NOBODY_THERE:
        raise Unavailable(
            f"nobody answers at {bench.target.base}: {outcome.error or outcome}; is the receiver running?"
        )
    for probe in filter(None, (bench.probes.state, bench.probes.repeats)):
        await probe.ask(dict.fromkeys(probe.names, "aurora-sim"))


async def _carry_out(check: Check, bench: Bench, wanted: Verification) -> CheckView:
    wanted.watch(check, None)
    finding = await _finding(check, bench)
    if finding.verdict == "fail":
        bench.failed.add(check.id)
    wanted.watch(check, finding)
    return CheckView(
        id=check.id,
        verdict=finding.verdict,
        clause=check.clause(wanted.profile),
        message=finding.message,
        evidence=finding.evidence,
        advice=_advice(check, finding),
        repeat=f"{wanted.command} --only {check.id}" if wanted.command else "",
        measured=finding.measured,
        scenario=finding.scenario,
    )


async def _finding(check: Check, bench: Bench) -> Finding:
    if reason := check.spared(bench.profile):
        return skipped(reason)
    if broken := [name for name in check.after if name in bench.failed]:
        return skipped(f"{broken[0]} failed; what this check would find could not be told apart from that")
    if check.on_usable and not await bench.usable():
        return skipped("no plain event is taken, so there is nothing to vary")
    for need in check.needs:
        if not _is_given(need, bench):
            return unknown(f"no {need} {'were' if need == 'credentials' else 'was'} given", give=_GIVE[need])
    try:
        await bench.begin(check.id)
        return await check.run(bench)
    except Unavailable as failure:
        return unknown(str(failure))


def _is_given(need: Need, bench: Bench) -> bool:
    match need:
        case "credentials":
            return bool(bench.target.credentials)
        case "probe":
            return bench.probes.state is not None
        case "repeat probe":
            return bench.probes.repeats is not None
        case "way to reconcile":
            return bench.probes.reconcile is not None and bench.api is not None


def _advice(check: Check, finding: Finding) -> str:
    if finding.verdict == "unknown":
        return f"give {finding.give}" if finding.give else ""
    return check.advice if finding.verdict in ("fail", "warn") else ""

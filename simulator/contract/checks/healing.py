"""Is nothing lost: across an outage that retries heal, and across an auto-disable that a resend heals."""

from __future__ import annotations

from simulator.contract.bench import RETRIED, Bench, Sent
from simulator.contract.check import Check, disables, retries
from simulator.contract.checks.credentials import UNSTABLE
from simulator.contract.checks.effects import GIVE_PROBE, NOTHING_SHOWN
from simulator.contract.checks.reception import ids, tell
from simulator.contract.finding import Finding, failed, passed, unknown
from simulator.contract.history import whole
from simulator.contract.plot import Plot, plot_of
from simulator.contract.watch import Reading, compare, is_shown, observe
from simulator.domain.event import EventType
from simulator.domain.fault import Fault, FaultKind
from simulator.domain.instant import HOUR
from simulator.store.selection import missed_deliveries

_OUTAGE_US = HOUR


async def outage_is_survived(bench: Bench) -> Finding:
    """One event of each kind occurs while the receiver cannot be reached; an hour later its retries come."""
    cases = [bench.case(kind, {}, "outage") for kind in await bench.usable()]
    return await _healed(bench, plot_of("outage", cases), resent=False)


async def disabling_is_survived(bench: Bench) -> Finding:
    """As many events of one kind fail as it takes to disable the subscription; it is enabled, and all are resent."""
    rule = bench.profile.disable
    assert rule, "only for providers that disable"
    many = rule.attempts // (len(bench.profile.ladder_seconds) + 1) + 3
    kind = await _shown_kind(bench)
    if kind is None:
        return unknown(NOTHING_SHOWN, give=GIVE_PROBE)
    return await _healed(
        bench, plot_of("recovery", [bench.case(kind, {}, number) for number in range(many)]), resent=True
    )


async def _healed(bench: Bench, plot: Plot, *, resent: bool) -> Finding:
    if not is_shown(bench, plot):
        return unknown(NOTHING_SHOWN, give=GIVE_PROBE)
    plain = await observe(bench, whole(plot), "plain")
    if plain.refused:
        return unknown(UNSTABLE)
    told = plot.told(bench.seed, bench.check, "healed")
    reading = Reading(bench, told)
    before = await reading.read()
    sent = await (_disable_and_resend(bench, told) if resent else _refuse_for_an_hour(bench, told))
    healed = reading.observation(before, await reading.read(), sent)
    lost = [one for one in sent if not one.accepted]
    if lost:
        return failed(f"{len(lost)} of {len(sent)} events never arrived: {tell(lost)}", *ids(lost))
    if why := compare(plain, healed):
        return failed(f"after {len(sent)} late events {why}", *healed.deliveries)
    return passed(f"{len(sent)} events arrived late, and left the state that they leave in time")


async def _refuse_for_an_hour(bench: Bench, plot: Plot) -> list[Sent]:
    simulation = bench.simulation
    now = simulation.clock.now()
    simulation.inject(Fault(f"{bench.check}-{now}", FaultKind.REFUSE, since=now, until=now + _OUTAGE_US))
    sent = await bench.send(*plot.cases, manner=RETRIED)
    simulation.clear()
    return sent


async def _disable_and_resend(bench: Bench, plot: Plot) -> list[Sent]:
    simulation = bench.simulation
    subscription_id = bench.subscription(plot.cases[0].event, RETRIED)
    since = simulation.clock.now()
    simulation.inject(Fault(f"{bench.check}-{since}", FaultKind.STATUS, since=since, subscription_id=subscription_id))
    await bench.send(*plot.cases, manner=RETRIED)
    simulation.clear()
    simulation.subscriptions.enable(subscription_id)
    simulation.commit()
    missed = missed_deliveries(simulation.ledger.db, subscription_id, None, since, since + 1)
    return [
        await bench.resend_delivery(delivery_id, case) for delivery_id, case in zip(missed, plot.cases, strict=True)
    ]


async def _shown_kind(bench: Bench) -> EventType | None:
    kinds = await bench.usable()
    return next((kind for kind in kinds if is_shown(bench, plot_of("", [bench.case(kind, {}, "shown")]))), None)


CHECKS = (
    Check(
        id="outage",
        advice="Take events late: do not refuse what is old, and do not rely on when it comes.",
        run=outage_is_survived,
        needs=("probe",),
        after=("effect",),
        applies=retries,
    ),
    Check(
        id="recovery",
        advice="Take resent events like any others: each only once, however long ago it occurred.",
        run=disabling_is_survived,
        needs=("probe",),
        after=("effect",),
        applies=disables,
    ),
)

"""Is nothing lost: across an outage that retries heal, and across an auto-disable that a resend heals."""

from __future__ import annotations

from functools import partial

from simulator.contract.bench import RETRIED, Bench, Sent
from simulator.contract.check import Check, disables, retries
from simulator.contract.checks.reception import ids, tell
from simulator.contract.finding import Finding, failed, passed, unshown, unstable
from simulator.contract.history import whole
from simulator.contract.plot import Plot, plot_of
from simulator.contract.watch import Happen, compare, is_shown, observe, observe_events
from simulator.domain.event import EventType
from simulator.domain.fault import FaultKind
from simulator.domain.instant import HOUR
from simulator.store.selection import missed_deliveries


async def outage_is_survived(bench: Bench) -> Finding:
    """One event of each kind occurs while the receiver cannot be reached; an hour later its retries come."""
    plot = plot_of("outage", [bench.case(kind, {}, "outage") for kind in await bench.usable()])
    return await _healed(bench, plot, partial(_refuse_for_an_hour, bench)) if is_shown(bench, plot) else unshown()


async def disabling_is_survived(bench: Bench) -> Finding:
    """As many events of one kind fail as it takes to disable the subscription; it is enabled, and all are resent."""
    rule = bench.profile.disable
    assert rule, "only for providers that disable"
    many = rule.attempts // (len(bench.profile.ladder_seconds) + 1) + 3
    kind = await _shown_kind(bench)
    if kind is None:
        return unshown()
    plot = plot_of("recovery", [bench.case(kind, {}, number) for number in range(many)])
    return await _healed(bench, plot, partial(_disable_and_resend, bench))


async def _healed(bench: Bench, plot: Plot, happen: Happen) -> Finding:
    plain = await observe(bench, whole(plot), "plain")
    if plain.refused:
        return unstable()
    healed = await observe_events(bench, plot, happen, "healed")
    lost = [one for one in healed.sent if not one.accepted]
    if lost:
        return failed(f"{len(lost)} of {len(healed.sent)} events never arrived: {tell(lost)}", *ids(lost))
    if why := compare(plain, healed):
        return failed(f"after {len(healed.sent)} late events {why}", *healed.deliveries)
    return passed(f"{len(healed.sent)} events arrived late, and left the state that they leave in time")


async def _refuse_for_an_hour(bench: Bench, plot: Plot) -> list[Sent]:
    bench.inject(FaultKind.REFUSE, lasting_us=HOUR)
    sent = await bench.send(*plot.cases, manner=RETRIED)
    bench.simulation.clear()
    return sent


async def _disable_and_resend(bench: Bench, plot: Plot) -> list[Sent]:
    simulation, since = bench.simulation, bench.simulation.clock.now()
    subscription_id = bench.subscription(plot.cases[0].event, RETRIED)
    bench.inject(FaultKind.STATUS, subscription_id=subscription_id)
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

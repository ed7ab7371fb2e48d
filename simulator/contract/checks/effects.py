"""Does something come of an event: a 200 that hides a failure, and repeats that are genuine."""

from __future__ import annotations

from simulator.contract.answer import gained
from simulator.contract.bench import Bench
from simulator.contract.check import Check
from simulator.contract.finding import Finding, failed, passed, skipped, unknown, unshown, unstable
from simulator.contract.history import Arrival, History, whole
from simulator.contract.plot import Plot, life_cycle, plot_of, plots_of_stories, repeated_events
from simulator.contract.probe import scopes
from simulator.contract.watch import Observation, is_shown, observe

_ROUNDS = 3  # how often each event is sent, each time about another object


async def every_event_has_an_effect(bench: Bench) -> Finding:
    """An event that sometimes has an effect and sometimes none hides a failure; so does one that never has any."""
    seen: dict[str, list[Observation]] = {}
    for kind in bench.patiently(await bench.usable()):
        plot = plot_of(kind.name, [bench.case(kind, {}, "effect")])
        if is_shown(bench, plot):
            seen[kind.name] = [await observe(bench, whole(plot), kind.name, turn) for turn in range(_ROUNDS)]
    if not seen:
        return unshown()
    if any(one.refused for those in seen.values() for one in those):
        return unstable()
    return _judged(seen)


async def a_further_status_has_an_effect(bench: Bench) -> Finding:
    """The whole life of an object must leave more than its beginning did."""
    plots = [plot for plot in await stories(bench) if life_cycle(plot)]
    swallowed = []
    for plot in bench.patiently(plots):
        first = await observe(bench, History(plot, (Arrival(0),)), plot.name, "first")
        all_of_it = await observe(bench, whole(plot), plot.name, "whole")
        if first.refused or all_of_it.refused:
            return unstable()
        if first.gain is not None and first.gain == all_of_it.gain:
            swallowed.append((plot, all_of_it))
    if not plots:
        return skipped("no story in scope has two statuses of one object")
    if swallowed:
        plot, seen = swallowed[0]
        return failed(f"{whole(plot)}: the state is that after {plot.word(0)} alone", *seen.deliveries)
    return passed(f"further statuses of {len(plots)} stories had an effect")


async def a_genuine_repeat_is_taken_up(bench: Bench) -> Finding:
    """Two events that are equal to the byte: the second must leave a trace in the probe of repeats."""
    probe = bench.probes.repeats
    repeated = repeated_events(bench.profile, bench.seed)
    kinds = [kind for kind in await bench.usable() if kind.name in repeated]
    if not kinds:
        return skipped("every event in scope carries what tells its repeat from a duplicate")
    if probe is None:
        names = ", ".join(kind.name for kind in kinds)
        return unknown(f"a repeat of {names} looks like a duplicate", give=_GIVE_REPEATS)
    for kind in bench.patiently(kinds):
        case = bench.case(kind, {}, "repeat")
        scope = scopes(probe, [case.attributes])
        (first,) = await bench.send(case)
        before = await bench.probes.read(probe, scope)
        (second,) = await bench.send(case)
        if not (first.accepted and second.accepted):
            return unstable()
        if gained(before, await bench.probes.read(probe, scope)) is None:
            return failed(f"a second {kind.name} was taken for a duplicate", first.delivery_id, second.delivery_id)
    return passed(f"second events of {len(kinds)} kinds, equal to the first to the byte, were taken up")


async def stories(bench: Bench) -> list[Plot]:
    """The stories that can be told with the events that are taken, and seen through the probe."""
    plots = plots_of_stories(bench.profile, [kind.name for kind in await bench.usable()], bench.seed, bench.since)
    return [plot for plot in plots if is_shown(bench, plot)]


def _judged(seen: dict[str, list[Observation]]) -> Finding:
    never = [name for name, those in seen.items() if not any(one.shows for one in those)]
    unsteady = {
        name: those for name, those in seen.items() if name not in never and not all(one.shows for one in those)
    }
    if unsteady:
        lost = [one for those in unsteady.values() for one in those if not one.shows]
        evidence = [delivery for one in lost for delivery in one.deliveries]
        names = ", ".join([*unsteady][:3])
        return failed(
            f"{len(lost)} events were answered 2xx and had no effect, others of their kind had: {names}", *evidence
        )
    if len(never) == len(seen):
        evidence = [delivery for those in seen.values() for one in those for delivery in one.deliveries]
        return failed(f"events of {len(seen)} kinds were answered 2xx, and the probe shows no effect of any", *evidence)
    unseen = f"; the probe shows nothing of {', '.join(never)}" if never else ""
    return passed(f"events of {len(seen) - len(never)} kinds had an effect each time{unseen}")


_GIVE_REPEATS = (
    "--repeat-url, --repeat-cmd or --repeat-sql: what must change whenever such an event comes, "
    "for instance a count of objects read back"
)

CHECKS = (
    Check(
        id="effect",
        advice="Commit the work, or a durable note of it, before the answer; what failed behind a 2xx is lost.",
        run=every_event_has_an_effect,
        needs=("probe",),
    ),
    Check(
        id="further-status",
        advice="Put the status into the key by which you recognise duplicates; an id alone merges what differs.",
        run=a_further_status_has_an_effect,
        needs=("probe",),
        after=("effect",),
    ),
    Check(
        id="genuine-repeat",
        advice="Take such an event as a hint, and read the object back each time; that does no harm at a duplicate.",
        run=a_genuine_repeat_is_taken_up,
        after=("effect", "further-status"),
    ),
)

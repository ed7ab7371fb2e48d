"""The report for a terminal: what each subscription went through, what was expected, the verdict, how to repeat it.

In: a `Report`. Out: rich renderables; nothing is printed here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import attrgetter

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from simulator.domain.counting import format_count
from simulator.domain.delivery import State
from simulator.domain.instant import SECOND, format_clock, format_day, format_duration
from simulator.domain.outcome import TIMEOUTS, Kind, in_words
from simulator.report.model import AttemptView, DeliveryView, Judgement, Report, SubscriptionView

NAMED = 2  # events of a subscription that are named; of more only the number is told
SHOWN = 12  # deliveries listed for a subscription, or as evidence; the rest is counted

_STATE_STYLES = {
    State.DELIVERED: "green",
    State.EXHAUSTED: "bold red",
    State.CANCELLED: "dim",
    State.FILTERED: "dim",
    State.PENDING: "yellow",
}
_NO_CONNECTION = frozenset({Kind.REFUSED, Kind.RESET, Kind.DNS, Kind.TLS, Kind.UNREACHABLE})


def render_report(report: Report) -> RenderableType:
    """The whole report: a timeline for each subscription, expectations, totals, verdict."""
    return Group(
        *(_timeline(one, _of(one, report.deliveries), report.ladder_seconds or ()) for one in report.subscriptions),
        *_expectations(report.expectations),
        _summary(report),
        *_repeat(report),
    )


def render_failures(report: Report) -> RenderableType:
    """Only what does not hold, and the command that shows it again."""
    return Group(*_expectations([one for one in report.expectations if one.verdict == "fail"]), *_repeat(report))


def _of(subscription: SubscriptionView, deliveries: Sequence[DeliveryView]) -> list[DeliveryView]:
    return [delivery for delivery in deliveries if delivery.subscription_id == subscription.id]


def _timeline(subscription: SubscriptionView, deliveries: Sequence[DeliveryView], delays: Sequence[int]) -> Group:
    """What it is, what needed more than one attempt, and what else there is to say."""
    eventful = [one for one in deliveries if not _is_plain(one)]
    return Group(
        Text.assemble((subscription.name, "bold"), f" · {_events(subscription)}"),
        *([_table(eventful[:SHOWN], delays)] if eventful else []),
        _remarks(subscription, len(deliveries) - len(eventful), len(eventful) - SHOWN),
    )


def _events(subscription: SubscriptionView) -> str:
    count = subscription.event.count(",") + 1
    return subscription.event if count <= NAMED else format_count(count, "event")


def _table(deliveries: Sequence[DeliveryView], delays: Sequence[int]) -> Table:
    """A row for each chain of a delivery, a column for each place on the ladder."""
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="dim")
    table.add_column("id", justify="right", style="dim", no_wrap=True)
    table.add_column("occurred", no_wrap=True)
    table.add_column("first", no_wrap=True)
    for delay in delays:
        table.add_column(f"+{format_duration(delay * SECOND)}", no_wrap=True)
    table.add_column("state", no_wrap=True)
    for delivery in deliveries:
        for row in _rows(delivery, len(delays) + 1):
            table.add_row(*row)
    return table


def _is_plain(delivery: DeliveryView) -> bool:
    """Delivered at the first attempt, or refused by a filter: counted, not listed."""
    at_once = delivery.state == State.DELIVERED and len(delivery.attempts) == 1
    return at_once or delivery.state == State.FILTERED


def _rows(delivery: DeliveryView, places: int) -> Iterator[tuple[RenderableType, ...]]:
    chains = [list(attempts) for _, attempts in groupby(delivery.attempts, key=attrgetter("chain"))] or [[]]
    state = Text(delivery.state, _STATE_STYLES[State(delivery.state)])
    for number, attempts in enumerate(chains):
        begun = f"↻ {format_day(attempts[0].started_at)}" if number else format_day(delivery.occurred_at)
        last = number == len(chains) - 1
        yield str(delivery.id) if not number else "", begun, *_places(attempts, places), state if last else ""


def _places(attempts: Sequence[AttemptView], places: int) -> list[Text]:
    """What each place of the ladder came to; a duplicate, or a repeat after an unknown outcome, shares its place."""
    cells = [Text() for _ in range(places)]
    for attempt in attempts:
        cell = cells[attempt.position - 1]
        cell.append(" " if cell else "").append(_outcome(attempt), _outcome_style(attempt))
    return cells


def _outcome(attempt: AttemptView) -> str:
    word = in_words(attempt.outcome, attempt.status)
    return f"{word} again" if attempt.duplicate else word


def _outcome_style(attempt: AttemptView) -> str:
    if attempt.outcome == Kind.SUCCESS:
        return "green"
    if attempt.outcome in TIMEOUTS:
        return "yellow"
    return "magenta" if attempt.outcome in _NO_CONNECTION else "red"


def _remarks(subscription: SubscriptionView, plain: int, unlisted: int) -> Text:
    lines = []
    if unlisted > 0:
        lines.append(f"… and {unlisted} more like these")
    if plain:
        lines.append(f"{plain} more needed one attempt or none")
    lines += [f"{format_clock(one.at)}  revision {one.number}: {one.change}" for one in subscription.revisions[1:]]
    return Text("\n".join([*lines, ""]), "italic")


def _expectations(expectations: Sequence[Judgement]) -> Iterator[RenderableType]:
    if not expectations:
        return
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for column in ("", "expected", "actual"):
        table.add_column(column)
    for one in expectations:
        passed = one.verdict == "pass"
        actual = Text(one.actual)
        if one.evidence:
            actual.append(f"  deliveries {_shorten(one.evidence)}", "dim")
        mark = Text("✓", "green") if passed else Text("✗", "bold red")
        table.add_row(mark, Text.assemble((one.name, "bold"), f" {one.expected}"), actual)
    yield table


def _shorten(ids: Sequence[int]) -> str:
    more = f" and {len(ids) - SHOWN} more" if len(ids) > SHOWN else ""
    return ", ".join(map(str, ids[:SHOWN])) + more


def _summary(report: Report) -> Text:
    totals, clock = report.totals, report.clock
    text = Text("\n")
    text.append(
        f"{format_count(totals.events, 'event')}, {format_count(totals.deliveries, 'delivery')}, "
        f"{format_count(totals.attempts, 'attempt')}: {totals.delivered:,} delivered, {totals.exhausted:,} exhausted, "
        f"{totals.cancelled:,} cancelled, {totals.pending:,} pending, {totals.filtered:,} filtered\n"
    )
    text.append(
        f"{format_duration(clock.virtual_end - clock.virtual_start)} of virtual time in {clock.real_seconds:.1f} s\n"
    )
    failed = sum(one.verdict == "fail" for one in report.expectations)
    text.append("FAILED " if failed else "PASSED ", "bold red" if failed else "bold green")
    return text.append(_held(len(report.expectations), failed))


def _held(every: int, failed: int) -> str:
    told = format_count(every, "expectation")
    if failed:
        return f"{failed} of {told} {'does' if failed == 1 else 'do'} not hold"
    if not every:
        return "nothing was expected"
    return "the expectation holds" if every == 1 else f"all {told} hold"


def _repeat(report: Report) -> Iterator[RenderableType]:
    """The one command that repeats a run which failed, on one line: it is there to be copied."""
    if report.verdict == "fail" and report.command:
        yield Text.assemble("repeat with: ", (report.command, "bold"), no_wrap=True, overflow="ignore")

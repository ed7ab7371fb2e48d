"""The plan as one HTML file that opens from disk: no script, no network, the report's tokens.

In: a `Plan`. Out: a page. Every text passes through `escape`: names come from scenario files.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Sequence
from hashlib import sha256
from html import escape
from importlib.resources import files
from string import Template

from simulator.domain.instant import format_clock, format_duration
from simulator.plan import wording
from simulator.plan.model import HerdView, OutageView, Plan, SubscriptionView
from simulator.plan.picture import draw_load

Cell = str | int

_ENDS = {"unharmed": "no need", "disabled": "never", "failing": "not seen"}


def html_plan(plan: Plan) -> str:
    """The page for this plan."""
    style = _page("plan.css")
    return Template(_page("plan.html")).substitute(
        policy=f"'sha256-{b64encode(sha256(style.encode()).digest()).decode('ascii')}'",
        style=style,
        headline=escape(wording.say_headline(plan)),
        assumed=_assumed(plan),
        tiles=_tiles(plan),
        step=format_duration(plan.load_step_us),
        load=draw_load(plan),
        rungs=_table(("attempt", "delivered"), wording.name_rungs(plan)),
        herds=_herds(plan.outages),
        subscriptions=_subscriptions(plan.subscriptions),
        disablings=_disablings(plan),
        readings=_facts((name, _reading(value)) for name, value in plan.readings.items()),
    )


def _assumed(plan: Plan) -> str:
    outages = (("outage", wording.say_outage(one)) for one in plan.outages)
    refusals = (("refused", refusal) for refusal in plan.refusals)
    return _facts([("plan", wording.say_start(plan)), *plan.assumptions.items(), *outages, *refusals])


def _tiles(plan: Plan) -> str:
    counts, lateness = plan.counts, plan.lateness
    tiles: list[tuple[str, str]] = [
        ("events", f"{plan.events:,}"),
        ("attempts", f"{counts.attempts:,}"),
        ("of them fail", f"{counts.failed_attempts:,}"),
        ("delivered at once", f"{counts.on_time:,}"),
        ("delivered late", f"{counts.late:,}"),
        ("missed for good", f"{counts.missed:,}"),
    ]
    if lateness:
        percentiles = {
            "half of them within": lateness.p50_us,
            "95 % within": lateness.p95_us,
            "latest": lateness.max_us,
        }
        tiles += [(name, format_duration(late_us)) for name, late_us in percentiles.items()]
    tiles.append(("recovered", _ENDS[plan.recovery] if plan.recovered_at is None else format_clock(plan.recovered_at)))
    return "".join(f"<p><strong>{escape(value)}</strong><span>{escape(name)}</span></p>" for name, value in tiles)


def _herds(outages: Sequence[OutageView]) -> str:
    heads = ("back at", "outage", "waiting", "first minute", "first hour", "of these retries", "peak a second")
    rows = [_herd_row(one, one.herd) for one in outages if one.herd]
    return _table(heads, rows) if rows else "<p>There is no outage that ends.</p>"


def _herd_row(outage: OutageView, herd: HerdView) -> list[Cell]:
    back = "" if outage.until is None else format_clock(outage.until)
    counts = (herd.waiting, herd.first_minute, herd.first_hour, herd.retries, herd.peak_per_second)
    return [back, wording.say_outage(outage), *counts]


def _subscriptions(subscriptions: Sequence[SubscriptionView]) -> str:
    heads = ("name", "event", "attempts", "delivered", "late", "exhausted", "cancelled", "while disabled", "recovered")
    return _table(heads, [_subscription_row(one) for one in subscriptions])


def _subscription_row(one: SubscriptionView) -> list[Cell]:
    counts = one.counts
    numbers = (
        counts.attempts,
        counts.delivered,
        counts.late,
        counts.exhausted,
        counts.cancelled,
        counts.while_disabled,
    )
    return [one.name, one.event, *numbers, wording.say_recovery(one)]


def _disablings(plan: Plan) -> str:
    sentences = [f"{one.name}: {wording.say_disabling(each)}" for one in plan.subscriptions for each in one.disablings]
    return f"<ul>{''.join(f'<li>{escape(one)}</li>' for one in sentences or ['Nothing is ever disabled.'])}</ul>"


def _table(heads: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    """Columns whose first cell is a number stand to the right."""
    cells = (f'<th scope="col"{_class(cell)}>{escape(head)}</th>' for head, cell in zip(heads, rows[0], strict=True))
    return f"<table><thead><tr>{''.join(cells)}</tr></thead><tbody>{''.join(map(_row, rows))}</tbody></table>"


def _row(cells: Sequence[Cell]) -> str:
    return f"<tr>{''.join(f'<td{_class(one)}>{_text(one)}</td>' for one in cells)}</tr>"


def _class(cell: Cell) -> str:
    return ' class="number"' if isinstance(cell, int) else ""


def _text(cell: Cell) -> str:
    return f"{cell:,}" if isinstance(cell, int) else escape(cell)


def _facts(pairs: Iterable[tuple[str, str]]) -> str:
    return f"<dl>{''.join(f'<dt>{escape(name)}</dt><dd>{escape(value)}</dd>' for name, value in pairs)}</dl>"


def _reading(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _page(name: str) -> str:
    return files(__package__).joinpath("page", name).read_text(encoding="utf-8")

"""A history as a scenario file, so that `aurora-sim run` shows a failure again without this package.

In: a bench, a history and what its plain form left. Out: text. Credentials are never written; their place is marked.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from simulator.contract.answer import in_ids
from simulator.contract.bench import Bench
from simulator.contract.history import History
from simulator.contract.plot import Plot
from simulator.contract.probe import API, KEY, UrlProbe, said_of, scopes
from simulator.contract.watch import Observation, observe
from simulator.domain import template
from simulator.domain.instant import format_instant
from simulator.domain.template import Encoding

Entry = dict[str, Any]

LONGEST_NAME = 100  # characters that a scenario takes

_EMPTY: Mapping[str, Any] = {"{": {}, "[": []}
"""What every JSON answer that begins like this holds."""

_SECRET = "change-me"  # noqa: S105 - says where a secret belongs


async def repetition(bench: Bench, history: History, why: str, *, polled: str = "") -> str:
    """The scenario that lets this history arrive at the receiver once more, and expects the state of its plain form.

    That state is asked for once more, of a receiver that knows nothing else, where the user said how it forgets.
    `polled` is what the receiver answered when it was told to reconcile what it had missed.
    """
    await bench.probes.reset()
    plain = await observe(bench, history.plain, "expected")
    plot = history.plot.told(bench.seed, bench.check, "repetition")
    steps = list(_steps(plot, history, resent=bool(bench.profile.resend_days)))
    expected = list(_expectations(bench, history, plot, plain, polled))
    body = {
        "name": _shortened(f"{bench.check}: {history}"),
        "provider": bench.profile.name,
        "seed": bench.seed,
        "clock": {"start": format_instant(bench.simulation.clock.now())},
        "receiver": bench.target.base,
        **({"switches": dict(bench.profile.on_this_machine)} if bench.profile.on_this_machine else {}),
        "subscriptions": _subscriptions(bench, plot),
        "timeline": steps,
        "expect": [{"delivered": _delivered(history)}, *expected],
    }
    remarks = [why, *_remarks(bench, history, plain, expected)]
    head = "".join(f"# {line}\n" for remark in remarks for line in remark.splitlines())
    return head + yaml.safe_dump(body, sort_keys=False, allow_unicode=True, width=120)


def _shortened(name: str) -> str:
    """What a scenario may be called; the whole history stands in its timeline."""
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"


def _remarks(bench: Bench, history: History, plain: Observation, expected: list[Entry]) -> Iterator[str]:
    if bench.target.credentials:
        yield "The credentials are not written here: put them where it says change-me."
    if bench.probes.forget:
        yield "Let the receiver forget everything before each run."
    elif expected:
        yield "What the receiver did once too often does not show in this comparison: verify with --reset-url for that."
    if history.missing and not expected:
        yield "Let the receiver reconcile after the run: by a command, or an answer that is not JSON, a run cannot."
    if not expected:
        yield f"Look at the receiver afterwards. Expected is: {json.dumps(plain.gain, ensure_ascii=False)}"


def _subscriptions(bench: Bench, plot: Plot) -> list[Entry]:
    events = list(dict.fromkeys(case.event for case in plot.cases))
    several = bench.profile.suggest_all(events, "{receiver}")
    names = events if len(several) == len(events) else ["receiver"]
    return [_subscription(bench, name, words) for name, words in zip(names, several, strict=True)]


def _subscription(bench: Bench, name: str, words: Entry) -> Entry:
    profile = bench.profile
    if bench.target.is_template or profile.values_in == "body":
        words[profile.address_field] = bench.target.url.replace(bench.target.base, "{receiver}", 1)
    header, basic = bench.target.header_auth, bench.target.basic_auth
    said = profile.say_credentials(header and (header[0], _SECRET), basic and (basic[0], _SECRET))
    return {"name": name, **words, **said}


def _steps(plot: Plot, history: History, *, resent: bool) -> Iterator[Entry]:
    """An hour between two arrivals: time enough for the retry of a lost answer.

    What comes again is resent, or occurs again where the provider resends nothing.
    """
    numbers: dict[str, int] = {}
    known: dict[int, tuple[str, int]] = {}
    if history.together:
        yield {"at": "0s", "emit": {**_emit(plot, 0), "count": len(history.arrivals)}}
        return
    for hour, one in enumerate(history.arrivals):
        at, event = f"+{hour}h", plot.cases[one.place].event
        if one.lost:
            yield {"at": at, "fault": {"lost_response": {"for": "1s", "subscription": event, "attempt": 1}}}
        if one.missed:
            yield {"at": at, "fault": {"refuse": {"for": "1s"}}}
        if resent and one.place in known:
            subscription, number = known[one.place]
            yield {"at": at, "resend": {"subscription": subscription, "delivery": number}}
            continue
        numbers[event] = numbers.get(event, 0) + 1
        known[one.place] = event, numbers[event]
        yield {"at": at, "emit": _emit(plot, one.place)}


def _emit(plot: Plot, place: int) -> Entry:
    case = plot.cases[place]
    lenient = {"lenient": True} if case.lenient else {}
    return {"event": case.event, "attributes": dict(case.attributes), **lenient}


def _delivered(history: History) -> Entry:
    return {"count": len(history.arrivals) - history.missing} if history.missing else {"all": True}


def _expectations(bench: Bench, history: History, plot: Plot, plain: Observation, polled: str) -> Iterator[Entry]:
    """What can be asked again: by a URL, whole where the receiver forgot before, else that it holds what was gained."""
    probe = bench.probes.state
    if not isinstance(probe, UrlProbe) or plain.gain is None:
        return
    if history.missing:
        reconciling = _reconciling(bench, plot, polled)
        if reconciling is None:
            return
        yield {"receiver": reconciling}
    url = probe.url.replace(bench.target.base, "{receiver}", 1)
    exact = bool(probe.names or bench.probes.forget) and not bench.probes.ignored
    expected = _by_ids(plain.state if exact else plain.gain, plot)
    if not probe.names:
        yield {"receiver": {"probe": url, "equals" if exact else "contains": expected}}
        return
    for scope in scopes(probe, [case.attributes for case in plot.cases]):
        asked = template.expand(template.parse(url), scope, Encoding())
        yield {"receiver": {"probe": asked, "equals" if exact else "contains": expected.get(said_of(scope))}}


def _reconciling(bench: Bench, plot: Plot, polled: str) -> Entry | None:
    """The way to reconcile as a probe that is asked first; any answer of the kind of the one it gave will do."""
    way = bench.probes.reconcile
    empty = _EMPTY.get(polled.strip()[:1])
    if not isinstance(way, UrlProbe) or empty is None:
        return None
    url = way.url.replace(bench.target.base, "{receiver}", 1)
    url = url.replace(f"<{API}>", "{api}").replace(f"<{KEY}>", "{key}")
    asked = template.expand(template.parse(url), plot.cases[-1].attributes, Encoding())
    return {"probe": asked, "contains": empty}


def _by_ids(value: Any, plot: Plot) -> Any:
    """The value with every role written as the id that plays it here."""
    return in_ids(value, {role: known for known, role in plot.roles.items()})

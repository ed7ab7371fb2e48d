"""A session becomes a scenario file that brings about the same: `aurora-sim run` repeats it, as a test.

In: a database of `serve` or `run`. Out: the text. It holds what people did, never a secret, and says in its head what
it could not hold. What follows by itself (retries, automatic disables) happens again by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sized
from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import Any

from sqlite_utils import Database

from simulator.domain.counting import format_count
from simulator.domain.instant import SECOND, format_duration, format_instant
from simulator.providers import profile_named
from simulator.scenario.invalid import InvalidScenario
from simulator.scenario.kept.expected import broken_off, expectations, unsettled
from simulator.scenario.kept.session import Session, read_session
from simulator.scenario.kept.steps import Teller, Told, beginning_of
from simulator.scenario.kept.text import block, fitting, flow, head_text, listed, spelled, timeline
from simulator.scenario.kept.turns import Turns, turns_of
from simulator.scenario.kept.words import PLACEHOLDER, Speaker, hosts_of
from simulator.scenario.load import parse_scenario

MOST_TO_COME = 50


@dataclass(frozen=True, slots=True)
class Kept:
    """The text of a file, the name it asks for, and what the file says it could not hold."""

    text: str
    name: str
    remarks: tuple[str, ...]


def kept_scenario(db: Database) -> Kept:
    """The session in this database. Raises `Refused` where it holds none, or more than fits into one file."""
    session = read_session(db)
    turns, speaker = turns_of(session), Speaker(session)
    teller = Teller(session, turns, speaker, beginning_of(session, turns))
    every = teller.steps()
    steps = every[: fitting(every)]
    subscriptions, to_come = teller.subscriptions(), teller.planned()
    expected = expectations(session) if steps == every else []
    remarks = [*_remarks(session, turns, every, len(steps), speaker)]
    name = _file_name(session)
    body = "".join(
        (
            "".join(block(key, value) for key, value in _head(session, speaker).items()),
            "\n" + spelled("subscriptions", subscriptions),
            "\n" + timeline(steps),
            _still_to_come(to_come),
            "\n" + listed("expect", expected),
        )
    )
    remarks += _flaws(body, name)
    return Kept(head_text([*_introduction(session, name), *remarks]) + "\n" + body, name, tuple(remarks))


def _head(session: Session, speaker: Speaker) -> dict[str, Any]:
    facts = session.facts
    title = facts.get("scenario", f"Session of {format_instant(session.start)}")
    usual = asdict(profile_named(session.profile.name).readings)
    switches = {key: value for key, value in facts["readings"].items() if usual.get(key) != value}
    return {
        "name": f"{title}"[:100],
        "description": f"{_many(session.events, 'event')} in {format_duration(session.reached - session.start)}.",
        "provider": session.profile.name,
        "seed": session.seed,
        "clock": {"start": format_instant(session.start), "speed": "jump"},
        "receiver": speaker.receiver(session),
        **({"switches": switches} if switches else {}),
    }


def _many(some: Sized, noun: str) -> str:
    return format_count(len(some), noun)


def _introduction(session: Session, name: str) -> Iterator[str]:
    allowed = "".join(f" --allow-host {host}" for host in hosts_of(session.revisions))
    every = _many(session.events, "event"), _many(session.courses, "delivery"), _many(session.attempts, "attempt")
    told = ", ".join(every)
    yield "A session of the Aurora webhook simulator, kept as a scenario: what people did in it, at its instants."
    yield f"It reached {format_instant(session.reached)}: {told}."
    yield ""
    yield f"Run it:    aurora-sim run {name}{allowed}"
    yield f"Check it:  aurora-sim scenarios validate {name}"
    yield ""


def _remarks(session: Session, turns: Turns, steps: list[Told], fit: int, speaker: Speaker) -> Iterator[str]:
    """Whatever the file does not hold, or holds otherwise than it was."""
    if speaker.secrets:
        yield f"Secrets are not written here ({speaker.secrets}): put them where it says {PLACEHOLDER}."
    if fit < len(steps):
        last, left = steps[fit - 1].at - session.start, len(steps) - fit
        yield f"Only the first {fit} steps fit into a file, up to +{format_duration(last)}; {left} steps are left out."
        yield "So nothing is expected."
    if pending := unsettled(session):
        told = ", ".join(f"{count} of {name}" for name, count in pending.items())
        yield f"Deliveries were pending ({told}): a run settles them, so nothing is expected of these subscriptions."
    if session.others:
        others = format_count(session.others, "subscription")
        yield f"Left out: {others} of partner applications, which no scenario can register (S13)."
    if silent := sum(one.name not in session.profile.catalogue for one in session.events):
        yield f"Left out: {format_count(silent, 'change')} that nobody is told of."
    for at in turns.untold:
        yield f"At +{format_duration(at - session.start)} things came in an order that no scenario can repeat."
    yield from _remarks_on_attempts(session)


def _remarks_on_attempts(session: Session) -> Iterator[str]:
    """What a run does otherwise, because it is none of the things that people did."""
    if any(one["status"] == HTTPStatus.UNAUTHORIZED for one in session.attempts):
        yield "Some attempts were answered 401: where a receiver is to demand credentials, say so under `demands`."
    if session.on_wire:
        on_wire = _many(session.on_wire, "attempt")
        yield f"On the wire when this was kept: {on_wire}, of whose outcome nothing was known."
    if count := broken_off(session):
        again = format_count(count, "attempt")
        yield f"Broken off when the simulator ended, and sent again: {again}. A run is not broken off."
    if any((one["ended_at"] - one["started_at"]) % SECOND for one in session.attempts):
        yield "Requests took fractions of a second then; a run jumps, so its retries stand that much earlier."


def _still_to_come(entries: list[dict[str, Any]]) -> str:
    """Events that were planned and had not occurred: for whoever wants them, behind a comment sign."""
    if not entries:
        return ""
    lines = [f"  # Still to come: {format_count(len(entries), 'event')}.\n"]
    lines += [f"  # - {flow(one)}\n" for one in entries[:MOST_TO_COME]]
    if len(entries) > MOST_TO_COME:
        lines.append(f"  # and {len(entries) - MOST_TO_COME} more, which are left out\n")
    return "".join(lines)


def _flaws(body: str, name: str) -> list[str]:
    """What keeps the file from being a scenario, if anything does: better told than found out."""
    try:
        parse_scenario(body, name)
    except InvalidScenario as invalid:
        return ["This file does not run as it is:", *str(invalid).splitlines()[:20]]
    return []


def _file_name(session: Session) -> str:
    title = session.facts.get("scenario", f"session {format_instant(session.start)[:10]}")
    return (re.sub(r"[\W_]+", "-", title.lower(), flags=re.ASCII).strip("-") or "session")[:60] + ".yaml"

"""`aurora-sim clock`: the virtual clock of a running server."""

from __future__ import annotations

import json
from typing import Any

import click

from simulator.cli.remote import Remote, to_server
from simulator.errors import Misuse, did_you_mean

_PATH = "/simulator/clock"
_EXAMPLES = {"speed": "1440", "advance": "20h"}
_WORDS = ("show", "pause", "run", "speed", "advance", "next")


@click.command(name="clock")
@click.argument("word", default="show", metavar="[show|pause|run|speed N|advance 20h|next]")
@click.argument("value", required=False)
@to_server
@click.option("--json", "as_json", is_flag=True, help="print JSON")
def command(word: str, value: str | None, url: str, token: str | None, *, as_json: bool) -> None:
    """Show the clock of a running server, or drive it.

    advance walks so far, or to an instant, through everything that falls due on the way, and answers when it has
    arrived; next walks to what falls due next. speed takes jump, elastic, or so many times real time.

    \b
    Examples:
      aurora-sim clock
      aurora-sim clock pause
      aurora-sim clock advance 20h
      aurora-sim clock advance 2026-03-09T08:00:00Z
      aurora-sim clock next
      aurora-sim clock speed 1440
      aurora-sim clock run
    """
    state = Remote(url, token).ask(*_request(word, value))
    click.echo(json.dumps(state, indent=2) if as_json else _sentence(state))


def _request(word: str, value: str | None) -> tuple[str, str, Any]:
    if word not in _WORDS:
        raise Misuse(f'a clock cannot "{word}"{did_you_mean(word, _WORDS)}; it can {", ".join(_WORDS)}')
    if word in _EXAMPLES and value is None:
        raise Misuse(f"{word} takes a value, as in: aurora-sim clock {word} {_EXAMPLES[word]}")
    if word not in _EXAMPLES and value is not None:
        raise Misuse(f"{word} takes no value")
    match word:
        case "show":
            return "GET", _PATH, None
        case "pause" | "run":
            return "PATCH", _PATH, {"paused": word == "pause"}
        case "speed":
            return "PATCH", _PATH, {"speed": _number(value or "")}
        case "next":
            return "POST", f"{_PATH}/advance", {"to": "next"}
    return "POST", f"{_PATH}/advance", {"to" if "-" in (value or "") else "by": value}


def _number(value: str) -> float | str:
    """A number where it is one; what else it may be is for the server to say."""
    try:
        return float(value)
    except ValueError:
        return value


def _sentence(state: dict[str, Any]) -> str:
    how = "paused" if state["paused"] else f"speed {state['speed']}"
    due = f"next due {state['next_due']}" if state["next_due"] else "nothing is due"
    return f"{state['now']}  {how}  {due}  {state['pending']} pending, {state['planned']} planned"

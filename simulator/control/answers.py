"""What this face says: JSON, and for whatever goes wrong a list with one entry for every fault.

`{"errors": [{"field": "attributes.STATUS", "message": "…"}]}`; an error that belongs to no field has none. No answer
shows a traceback.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from aiohttp import web

from simulator.control.compression import json_text
from simulator.control.reading import Unreadable
from simulator.errors import Environment, Invalid, Misuse, NotFound, Problem, Refused, SimulatorError, dotted

OURS = "this is a fault of the simulator; what was accepted is recorded"

_STATUS: tuple[tuple[type[SimulatorError], int], ...] = (
    (Unreadable, 400),
    (Invalid, 422),
    (NotFound, 404),
    (Refused, 409),
    (Misuse, 422),
    (Environment, 503),
)


def say(document: object, status: int = 200, headers: Mapping[str, str] | None = None) -> web.Response:
    """JSON in ASCII, so that nothing anybody wrote can break it."""
    return json_text(_dumps(document), status, headers)


def in_pieces(document: Mapping[str, Any]) -> str:
    """The same JSON, made entry by entry: one long call of the encoder would keep every other thread waiting."""
    return "{" + ",".join(f"{_dumps(name)}:{_piecewise(part)}" for name, part in document.items()) + "}"


def refuse(status: int, problems: Iterable[Problem], headers: Mapping[str, str] | None = None) -> web.Response:
    """An answer that lists what is wrong."""
    return say({"errors": listed(problems)}, status, headers)


def listed(problems: Iterable[Problem]) -> list[dict[str, str]]:
    """Problems as entries of an answer."""
    return [_entry(problem) for problem in problems]


def refuse_for(error: SimulatorError) -> web.Response:
    """What becomes of our own errors; a bug of ours is 500."""
    status = next((status for kind, status in _STATUS if isinstance(error, kind)), HTTPStatus.INTERNAL_SERVER_ERROR)
    if status == HTTPStatus.INTERNAL_SERVER_ERROR:
        return refuse(status, [Problem((), OURS)])
    return refuse(status, error.problems if isinstance(error, Invalid) else [Problem((), str(error))])


def _entry(problem: Problem) -> dict[str, str]:
    field = {"field": dotted(problem.path)} if problem.path else {}
    return {**field, "message": problem.text}


def _piecewise(part: Any) -> str:
    return "[" + ",".join(map(_dumps, part)) + "]" if isinstance(part, list) else _dumps(part)


def _dumps(document: Any) -> str:
    return json.dumps(document, separators=(",", ":"))

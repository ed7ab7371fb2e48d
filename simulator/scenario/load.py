"""A scenario from a file or a text: everything wrong with it at once, or the scenario resolved."""

from __future__ import annotations

from pathlib import Path

from simulator.errors import NotFound
from simulator.scenario.check import check
from simulator.scenario.draft import understand
from simulator.scenario.invalid import InvalidScenario
from simulator.scenario.parsing import LARGEST_BYTES, decode
from simulator.scenario.resolve import resolve
from simulator.scenario.scenario import Scenario
from simulator.scenario.source import read_source


def load_scenario(path: Path, *, start: int | None = None) -> Scenario:
    """The scenario in a file, beginning at `start` where that is given.

    Raises `NotFound` where it cannot be read, `InvalidScenario` for what is wrong in it.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST_BYTES + 1)
    except OSError as error:
        raise NotFound(f"{path} cannot be read: {error.strerror or error}") from None
    return parse_scenario(decode(raw, str(path)), str(path), start=start)


def parse_scenario(text: str, where: str, *, start: int | None = None) -> Scenario:
    """The scenario in a text; `where` names it in errors. Raises `InvalidScenario` with every problem it has."""
    source = read_source(text, where)
    draft = understand(source.data)
    if start is not None:
        draft.begin_at(start)
    setting, findings = check(draft)
    located = [*source.flaws, *map(source.locate, [*draft.findings, *findings])]
    if located or setting is None:
        raise InvalidScenario(where, located)
    return resolve(draft, setting, source)

"""The registry of kinds, and that these programs know nothing of the simulator."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

from simulator import receivers
from simulator.receivers.robust import Receiver

ALLOWED = {*sys.stdlib_module_names, "aiohttp", "multidict", "yarl", "simulator"}


def test_robust_is_the_receiver_without_flaws() -> None:
    assert receivers.load("robust") is Receiver


@pytest.mark.parametrize("kind", receivers.KINDS)
def test_every_registered_kind_loads(kind: str) -> None:
    assert issubclass(receivers.load(kind), Receiver)


def test_an_unknown_kind_is_refused_with_the_kinds_there_are() -> None:
    with pytest.raises(KeyError) as refused:
        receivers.load("rubust")
    assert isinstance(refused.value, receivers.UnknownReceiverError)
    assert str(refused.value) == f"no receiver is called 'rubust'; there are: {', '.join(receivers.KINDS)}"


@pytest.mark.parametrize("source", sorted(Path(receivers.__file__).parent.rglob("*.py")), ids=lambda path: path.name)
def test_receivers_import_nothing_of_ours_but_each_other(source: Path) -> None:
    for node in ast.walk(ast.parse(source.read_text())):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            names = [str(node.module)]
        for name in names:
            assert name.partition(".")[0] in ALLOWED
            assert name.partition(".")[0] != "simulator" or name.startswith("simulator.receivers")

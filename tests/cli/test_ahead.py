"""Imports that are begun before they are needed."""

import sys
import threading
from importlib import import_module

import pytest

from simulator.cli.ahead import import_ahead


def wait_for(name: str) -> None:
    for thread in threading.enumerate():
        if thread.name == f"import {name}":
            thread.join()


@pytest.fixture
def module(tmp_path, monkeypatch):
    """Makes a module that nobody has imported yet."""
    monkeypatch.syspath_prepend(tmp_path)

    def made(name: str, text: str) -> str:
        (tmp_path / f"{name}.py").write_text(text)
        return name

    yield made
    for path in tmp_path.glob("*.py"):
        sys.modules.pop(path.stem, None)


def test_the_module_is_there_when_it_is_wanted(module):
    name = module("wanted_soon", "VALUE = 7")
    import_ahead(name)
    assert import_module(name).VALUE == 7


def test_it_is_imported_without_anyone_asking_for_it(module):
    name = module("never_asked_for", "VALUE = 7")
    import_ahead(name)
    wait_for(name)
    assert name in sys.modules


def test_what_goes_wrong_is_said_once_to_whoever_needs_it(module, monkeypatch):
    said = []
    monkeypatch.setattr(threading, "excepthook", said.append)
    name = module("broken_module", "raise OSError('no certificates')")
    import_ahead(name)
    wait_for(name)
    assert not said
    with pytest.raises(OSError, match="no certificates"):
        import_module(name)

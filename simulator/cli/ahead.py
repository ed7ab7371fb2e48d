"""Imports that are begun before they are needed, beside what the main thread does meanwhile."""

from __future__ import annotations

from importlib import import_module
from threading import Thread


def import_ahead(name: str) -> None:
    """Begin to import a module; whoever imports it meanwhile waits for the rest, and meets what went wrong.

    Worth it where an import waits outside the interpreter: aiohttp reads the certificates of the system twice.
    """
    Thread(target=_import, args=(name,), name=f"import {name}").start()


def _import(name: str) -> None:
    try:
        import_module(name)
    except Exception:  # noqa: BLE001 - it is met again, with its words, by whoever needs the module
        return

"""What all tests share: Hypothesis without a stopwatch, and the same examples every time.

`HYPOTHESIS_PROFILE=explore make test` looks for new ones.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

LONG = ("crash", "dashboard", "report", "contract", "cli")
"""Folders whose files take longest; begun first, so that no process is left with one of them in the end."""

settings.register_profile("suite", deadline=None, derandomize=True)
settings.register_profile("explore", deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files first; otherwise the order stays."""
    ranks = {folder: rank for rank, folder in enumerate(LONG)}
    items.sort(key=lambda item: ranks.get(item.path.parent.name, len(ranks)))

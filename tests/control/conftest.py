"""Faces that are up for one test."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from served import Served, served


@pytest.fixture
async def face() -> AsyncIterator[Served]:
    """A paused simulation whose receivers answer 200."""
    async with served() as one:
        yield one

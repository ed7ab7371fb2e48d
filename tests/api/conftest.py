"""A provider and its customers, up for one test."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from customer import Customer
from provided import Provider, opened


@pytest.fixture
async def provider() -> AsyncIterator[Provider]:
    async with opened() as provider:
        yield provider


@pytest.fixture
def customer(provider: Provider) -> Customer:
    """The tenant `demo` with a standard key."""
    return provider.customer


@pytest.fixture
def partner(provider: Provider) -> Customer:
    return provider.partner

"""The pytest plugin: the fixture `aurora`, a simulated Aurora for one test.

In: the test that asks for it, and options under the prefix `aurora`. Out: an `Aurora` for a plain test, an
`AsyncAurora` for an async one. Only pytest is imported until a test asks: the plugin is loaded wherever this package
is installed. Each test has a simulation, a ledger in memory, ports and ids of its own, so tests may run side by side,
in the workers of pytest-xdist too, and share a receiver.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from inspect import iscoroutinefunction
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from simulator.pytest_plugin.asynchronous import AsyncAurora
    from simulator.pytest_plugin.background import Background
    from simulator.pytest_plugin.sender import Settings
    from simulator.pytest_plugin.synchronous import Aurora

SEEDS = 2**53

_FACE = pytest.StashKey["Aurora | AsyncAurora"]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options: which receiver, which seed, which hosts."""
    group = parser.getgroup("aurora", "webhooks from a simulated Aurora")
    group.addoption("--aurora-receiver", metavar="URL", help="base URL of the receiver for tests that name none")
    group.addoption("--aurora-seed", metavar="N", type=int, help="seed of what each test generates (default: 0)")
    parser.addini("aurora_receiver", "base URL of the receiver for tests that name none", default="")
    parser.addini("aurora_seed", "seed of what each test generates", default="0")
    parser.addini("aurora_allow_hosts", "hosts outside this machine that may be sent to", type="args", default=[])


@pytest.fixture(scope="session")
def aurora_background() -> Iterator[Background]:
    """The thread in which simulations run, started with the first test that needs it."""
    from simulator.pytest_plugin.background import Background

    background = Background()
    yield background
    background.close()


@pytest.fixture
def aurora(request: pytest.FixtureRequest, aurora_background: Background) -> Iterator[Aurora | AsyncAurora]:
    """A simulated Aurora for this test: subscribe a receiver, let events occur, assert what became of them.

    In an async test every method is to be awaited. Time stands still until a method moves it, and then jumps.
    """
    from simulator.pytest_plugin.asynchronous import AsyncAurora
    from simulator.pytest_plugin.sender import opened
    from simulator.pytest_plugin.synchronous import Aurora

    with aurora_background.within(opened(_settings(request))) as sender:
        is_async = iscoroutinefunction(getattr(request, "function", None))
        face = AsyncAurora(sender, aurora_background) if is_async else Aurora(sender, aurora_background)
        request.node.stash[_FACE] = face
        yield face
        if isinstance(face, AsyncAurora) and (forgotten := face.forgotten()):
            pytest.fail(f"never awaited: {', '.join(forgotten)}; in an async test, await what aurora does", False)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Beneath a test that failed stands what was sent and what came back."""
    report = yield
    face = item.stash.get(_FACE, None)
    if report.failed and call.when == "call" and face and (history := face.history()):
        report.sections.append(("webhooks sent by aurora", history))
    return report


def _settings(request: pytest.FixtureRequest) -> Settings:
    from simulator.domain.chance import pick
    from simulator.pytest_plugin.sender import Settings

    config = request.config
    seed = config.getoption("--aurora-seed")
    seed = _whole(config.getini("aurora_seed")) if seed is None else seed
    return Settings(
        receiver=config.getoption("--aurora-receiver") or config.getini("aurora_receiver"),
        seed=pick(seed, SEEDS, request.node.nodeid),  # two tests at one receiver must not speak of the same object
        allowed_hosts=tuple(config.getini("aurora_allow_hosts")),
    )


def _whole(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise pytest.UsageError(f"aurora_seed is {text!r}; it must be a whole number") from None

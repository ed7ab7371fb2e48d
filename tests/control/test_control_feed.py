"""`control/feed`: numbers and ids of what changed, bounded, for readers that may be slow."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.control import feed as feed_module
from simulator.control.feed import Feed
from simulator.store.changes import NO_CHANGES, Changes


def changes(*deliveries: int) -> Changes:
    return Changes(frozenset(), frozenset(deliveries), frozenset(), frozenset())


async def test_a_new_feed_has_nothing_to_tell() -> None:
    feed = Feed("5")
    assert feed.cursor == "5.0"
    assert feed.after(0, 10) == feed_module.Batch(0, ())


async def test_what_a_commit_touched_comes_in_a_fixed_order() -> None:
    feed = Feed("5")
    feed.follow(Changes(frozenset({9}), frozenset({3, 1}), frozenset({"s2", "s1"}), frozenset({"f"})))
    batch = feed.after(0, 10)
    assert batch
    assert batch.touched == (
        ("subscription", "s1"),
        ("subscription", "s2"),
        ("fault", "f"),
        ("delivery", 1),
        ("delivery", 3),
    )
    assert (batch.last, feed.cursor) == (5, "5.5")


async def test_an_event_is_told_of_only_where_no_delivery_tells_of_it() -> None:
    feed = Feed("5")
    feed.follow(Changes(frozenset({8, 9}), frozenset({3}), frozenset(), frozenset(), silent=frozenset({9})))
    batch = feed.after(0, 10)
    assert batch
    assert batch.touched == (("delivery", 3), ("event", 9))


async def test_a_record_stands_once_in_a_batch_however_often_it_changed() -> None:
    feed = Feed("5")
    for _ in range(4):
        feed.follow(changes(7))
    batch = feed.after(1, 10)
    assert batch == feed_module.Batch(4, (("delivery", 7),))


@pytest.mark.parametrize(
    "cursor", ["", "5", "5.", "6.0", "5.x", "5.-1", "5.1", "5.٠", ".0", "5.0.0", "5." + "9" * 5_000]
)
async def test_a_cursor_that_is_not_its_own_leads_nowhere(cursor: str) -> None:
    assert Feed("5").position(cursor) is None


async def test_what_is_touched_beside_commits_is_bounded_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed_module, "KEPT", 4)
    feed = Feed("5")
    for number in range(9):
        feed.touch("lesson", number)
    assert (feed.after(4, 1), feed.cursor) == (None, "5.9")
    assert feed.after(5, 9) == feed_module.Batch(9, tuple(("lesson", number) for number in (5, 6, 7, 8)))


@given(commits=st.lists(st.sets(st.integers(1, 9), max_size=4), max_size=40), limit=st.integers(1, 7))
async def test_whoever_goes_on_batch_by_batch_misses_nothing_that_is_kept(commits: list[set[int]], limit: int) -> None:
    """Every record's newest change is in a batch, unless the reader was told to begin again."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(feed_module, "KEPT", 10)
        feed = Feed("5")
        position, seen, told = 0, set[int](), set[int]()
        for commit in commits:
            feed.follow(changes(*commit) if commit else NO_CHANGES)
            told |= commit
            batch = feed.after(position, limit)
            if batch is None:
                assert position < feed.last - 10
                position, seen = feed.last, set(told)
            else:
                position = batch.last
                seen |= {int(one) for _, one in batch.touched}
            assert feed.position(feed.cursor) == feed.last
        while position < feed.last and (batch := feed.after(position, limit)):
            position = batch.last
            seen |= {int(one) for _, one in batch.touched}
        feed.close()
        assert seen == told


async def test_news_wakes_every_reader_once_and_patience_ends() -> None:
    feed = Feed("5")
    assert not await feed.news(feed.ticks, 0.001)
    feed.poke()
    feed.poke()
    assert await feed.news(feed.ticks, 5)
    assert not await feed.news(feed.ticks, 0.001)


async def test_news_that_came_while_a_reader_was_told_of_others_is_not_missed() -> None:
    feed = Feed("5")
    seen = feed.ticks
    feed.poke()
    await feed.news(seen, 5)  # another reader, who waited; this one was still busy
    assert await feed.news(seen, 0.001)


async def test_a_feed_that_is_closed_lets_its_readers_go() -> None:
    feed = Feed("5")
    feed.poke()
    feed.close()
    assert await feed.news(feed.ticks, 5)
    assert feed.closed

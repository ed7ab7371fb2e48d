"""`domain/chance`: seeded chance without state."""

from uuid import RFC_4122, UUID

from hypothesis import given
from hypothesis import strategies as st

from simulator.domain.chance import draw, pick, seeded_uuid

seeds = st.integers()
names = st.lists(st.text(max_size=8) | st.integers(), max_size=4)


@given(seeds, names)
def test_a_draw_lies_between_0_and_below_1(seed: int, names: list[str | int]) -> None:
    assert 0 <= draw(seed, *names) < 1


@given(seeds, st.integers(1, 10**12), names)
def test_a_pick_lies_below_its_bound(seed: int, bound: int, names: list[str | int]) -> None:
    assert 0 <= pick(seed, bound, *names) < bound


@given(seeds, names)
def test_an_id_is_a_uuid_in_the_form_of_version_4(seed: int, names: list[str | int]) -> None:
    """S6: ids are UUIDs."""
    made = UUID(seeded_uuid(seed, *names))
    assert (made.version, made.variant) == (4, RFC_4122)
    assert str(made) == seeded_uuid(seed, *names)


def test_what_is_asked_in_between_changes_nothing() -> None:
    alone = draw(7, "delivery", 3)
    for other in range(50):
        draw(7, "delivery", other)
    assert draw(7, "delivery", 3) == alone


@given(st.lists(st.tuples(seeds, names.map(tuple)), min_size=2, max_size=20, unique=True))
def test_another_seed_or_other_names_make_another_id(asked: list[tuple[int, tuple[str | int, ...]]]) -> None:
    assert len({seeded_uuid(seed, *names) for seed, names in asked}) == len(asked)


def test_names_do_not_run_into_one_another() -> None:
    assert len({draw(1, "ab", "c"), draw(1, "a", "bc"), draw(1, "abc"), draw(11, "c"), draw(1, 1), draw(1, "1")}) == 6


def test_draws_are_spread_evenly() -> None:
    tenths = [int(10 * draw(7, "spread", number)) for number in range(10_000)]
    assert all(900 < tenths.count(tenth) < 1_100 for tenth in range(10))


def test_picks_are_spread_evenly() -> None:
    sides = [pick(7, 6, "die", number) for number in range(6_000)]
    assert all(900 < sides.count(side) < 1_100 for side in range(6))


def test_a_seed_means_the_same_on_every_machine_and_in_every_release() -> None:
    """A report's digest rests on this: change these only together with the digest's version."""
    assert draw(7, "jitter", 1, 2) == 0.29942486540742075
    assert pick(7, 1_000, "story", "sold") == 88
    assert seeded_uuid(7, "subscription", 1) == "c78821b0-c096-4cba-b82b-9aedcf7fa822"

"""`domain/session`: tokens that prove themselves (S13)."""

import re

from hypothesis import assume, given
from hypothesis import strategies as st

from simulator.domain.session import Session, mint, open_session

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
sessions = st.builds(Session, texts, texts, st.integers(0, 2**53))
seeds = st.integers(0, 2**53)
SESSION = Session("demo-app", "demo", 1_772_816_400_000_000)


@given(sessions, seeds)
def test_a_token_opens_the_session_it_was_minted_for_s13(session: Session, seed: int) -> None:
    assert open_session(mint(session, seed), seed) == session


@given(sessions, seeds)
def test_a_token_consists_of_what_a_url_carries_as_it_is_s13(session: Session, seed: int) -> None:
    """RFC 3986: unreserved characters, so the bytes in the URL are the token's own, and it can be hidden by them."""
    assert re.fullmatch(r"[A-Za-z0-9._~-]+", mint(session, seed))


@given(sessions, seeds, seeds)
def test_a_token_of_another_seed_opens_nothing_s13(session: Session, seed: int, other: int) -> None:
    assume(seed != other)
    assert open_session(mint(session, seed), other) is None


@given(st.data(), seeds)
def test_a_token_that_was_changed_anywhere_opens_nothing_s13(data: st.DataObject, seed: int) -> None:
    token = mint(SESSION, seed)
    place = data.draw(st.integers(0, len(token) - 1))
    letter = data.draw(st.sampled_from("ABCXYZabcxyz019-_.~\ud800☀"))
    assume(token[place] != letter)
    assert open_session(token[:place] + letter + token[place + 1 :], seed) is None


@given(st.text(max_size=100), seeds)
def test_what_nobody_minted_opens_nothing_s13(text: str, seed: int) -> None:
    assert open_session(text, seed) is None


def test_the_same_session_and_seed_make_the_same_token_s13() -> None:
    assert mint(SESSION, 7) == mint(SESSION, 7)
    assert len({mint(SESSION, seed) for seed in range(100)}) == 100

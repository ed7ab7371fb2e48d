"""A session that was kept and is run comes to the same: deliveries, attempts at their instants, outcomes, states."""

from __future__ import annotations

import asyncio
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from kept_sessions import Person, perform, told

from simulator.domain.fault import FaultKind
from simulator.scenario.kept.keep import kept_scenario

TARGETS = st.integers(0, 3)
CHANGES = st.sampled_from(
    [
        {"header_auth_key": "X-Token", "header_auth_value": "one"},
        {"header_auth_key": "X-Token", "header_auth_value": "two"},
        {"header_auth_key": "", "header_auth_value": ""},
        {"event": "lead_created", "url_template": "http://127.0.0.1:9/moved?id=<LEAD_ID>"},
        {"description": "no"},
        {"enabled": False, "description": "1e5"},
    ]
)
ACTS = st.one_of(
    st.tuples(st.just("subscribe"), st.integers(0, 1)),
    st.tuples(st.just("emit"), st.integers(0, 1)),
    st.tuples(st.just("emit"), st.integers(0, 1)),
    st.tuples(
        st.just("fault"),
        st.sampled_from(FaultKind),
        st.sampled_from([None, 20, 400]),
        st.sampled_from([None, 0, 1]),
        st.sampled_from([1.0, 0.5]),
    ),
    st.tuples(st.just("clear"), TARGETS),
    st.tuples(st.just("disable"), TARGETS),
    st.tuples(st.just("enable"), TARGETS),
    st.tuples(st.just("delete"), TARGETS),
    st.tuples(st.just("update"), TARGETS, CHANGES),
    st.tuples(st.just("resend"), st.integers(0, 20)),
    st.tuples(st.just("wait"), st.sampled_from([0.25, 5, 10, 30, 300, 2_000])),
    st.tuples(st.just("wait"), st.sampled_from([5, 10, 30])),
)


@given(acts=st.lists(ACTS, min_size=1, max_size=25), settles=st.booleans())
@settings(max_examples=150, deadline=None)
def test_a_kept_session_repeats_itself_attempt_for_attempt(acts: list[tuple[Any, ...]], settles: bool) -> None:
    async def session() -> None:
        person = Person()
        await person.do_and_wait([("subscribe", 0), *acts])
        if settles:
            await person.settle()
        await person.leave()
        reached = person.sim.clock.now()
        kept = kept_scenario(person.ledger.db)
        assert not any("does not run" in remark for remark in kept.remarks), kept.text
        if any("no scenario can repeat" in remark for remark in kept.remarks):
            return
        again = await perform(kept.text)
        first, second = told(person.ledger.db, reached), told(again.db, reached)
        settled = {delivery_id for delivery_id, _ in first["states"]}
        second["states"] = [one for one in second["states"] if one[0] in settled]
        assert second == first, kept.text

    asyncio.run(session())

"""`simulator.plan.precedents`: what is remembered is what `decide` says, whenever and of whomever it is asked."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from simulator.domain.decision import Attempt, decide
from simulator.domain.delivery import Rung, move
from simulator.domain.health import Health
from simulator.domain.instant import SECOND
from simulator.domain.outcome import Kind, Outcome
from simulator.domain.subscription import Definition, Subscription
from simulator.plan.foreseen import Listener
from simulator.plan.precedents import Precedents
from simulator.plan.records import UNSENT
from simulator.providers import AURA, AURORA

PROFILES = (
    AURORA,
    AURA,
    replace(AURORA, readings=replace(AURORA.readings, retry_delay_from="start")),
)
outcomes = st.builds(
    Outcome, st.sampled_from(Kind), virtual_us=st.sampled_from((0, 5 * SECOND, 10 * SECOND, 40 * SECOND))
)
rungs = st.builds(Rung, st.integers(0, 10**15), st.integers(1, 50), st.integers(1, 5), st.integers(1, 6))


@given(st.sampled_from(PROFILES), outcomes, rungs)
def test_a_precedent_is_what_the_domain_decides(profile, outcome, rung):
    known = Precedents(profile).of(outcome, rung.position)
    ended_at = rung.due_at + outcome.virtual_us
    decision = decide(profile, Attempt(7, "one", 3, UNSENT, rung, rung.due_at, ended_at, outcome), Health())
    following = decision.next and (decision.next.due_at - ended_at, decision.next.position)
    foreseen = None if known.delay_us is None else (known.delay_us, known.next_position)
    assert (known.state, known.why, foreseen) == (move(rung.waiting_state, decision.move), decision.why, following)
    if following := decision.next:
        assert following == Rung(following.due_at, rung.number + 1, rung.chain, known.next_position)
    assert (known.outcome, known.took_us, known.succeeded) == (outcome, outcome.virtual_us, outcome.succeeded)


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 10)), max_size=250), st.integers(1, 120))
def test_the_health_of_a_listener_is_the_domains(walk, quorum):
    """R7."""
    rule = replace(AURORA.disable, attempts=quorum)
    listener = Listener(Subscription("id", "demo", "crm", 1, Definition(("lead_changed",), "http://x"), 0, 0), rule)
    health, now = Health(), 0
    for succeeded, step in walk:
        now += step
        if succeeded:
            listener.succeeds(now)
            health = health.after_success(now)
        else:
            listener.fails(now)
            health = health.after_failure(now, rule)
        assert listener.health == health
    listener.health = health
    assert listener.health == health

"""`store/progress`: how far a resend has come, written and read back."""

from __future__ import annotations

from contextlib import closing

from hypothesis import given
from hypothesis import strategies as st

from simulator.domain.delivery import State
from simulator.store.ledger import Ledger
from simulator.store.progress import TOLD, Progress, all_progress
from simulator.store.selection import Choice

WHOLE = Progress(
    1,
    Choice((State.EXHAUSTED,), "s", "lead_changed", 3, "demo", 10, 20),
    accepted_at=5,
    upto=9,
    position=4,
    resent=2,
    refused=1,
    refusals=((3, "its subscription is disabled; enable it"),),
    finished=True,
)


def test_what_was_written_is_read_back_and_the_last_word_counts() -> None:
    with closing(Ledger()) as ledger:
        ledger.add_progress(Progress(1, Choice(), 5, 9))
        ledger.add_progress(Progress(2, Choice(), 6, 9))
        ledger.commit()
        ledger.add_progress(WHOLE)
        ledger.commit()
        assert list(all_progress(ledger.db)) == [WHOLE, Progress(2, Choice(), 6, 9)]


@given(refusals=st.lists(st.sampled_from(["", "no"]), max_size=60))
def test_every_step_is_counted_and_the_first_refusals_are_kept(refusals: list[str]) -> None:
    progress = Progress(1, Choice(), 0, 100)
    for delivery_id, refusal in enumerate(refusals, start=1):
        progress = progress.after(delivery_id, refusal)
    assert progress.position == len(refusals)
    assert progress.resent == refusals.count("")
    assert progress.refused == refusals.count("no")
    told = [(number, "no") for number, refusal in enumerate(refusals, start=1) if refusal]
    assert list(progress.refusals) == told[:TOLD]

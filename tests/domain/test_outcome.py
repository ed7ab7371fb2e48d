"""`domain/outcome`: what one attempt came to, in the field's own terms (R1, R2)."""

import pytest

from simulator.domain.outcome import Kind, Outcome, kind_of_status

CLASSES = {
    1: Kind.INFORMATIONAL,
    2: Kind.SUCCESS,
    3: Kind.REDIRECT,
    4: Kind.CLIENT_ERROR,
    5: Kind.SERVER_ERROR,
}


@pytest.mark.parametrize("hundreds", CLASSES)
def test_the_class_of_a_status_is_its_kind(hundreds: int) -> None:
    """R1, R2."""
    kinds = {kind_of_status(status) for status in range(100 * hundreds, 100 * hundreds + 100)}
    assert kinds == {CLASSES[hundreds]}


@pytest.mark.parametrize("status", [-200, -1, 0, 20, 99, 600, 999, 2000])
def test_a_number_that_is_no_status_is_malformed(status: int) -> None:
    """R2."""
    assert kind_of_status(status) is Kind.MALFORMED


@pytest.mark.parametrize("kind", Kind)
def test_only_a_complete_2xx_succeeds(kind: Kind) -> None:
    """R1, R2: everything else fails."""
    assert Outcome(kind).succeeded == (kind is Kind.SUCCESS)


@pytest.mark.parametrize("kind", Kind)
def test_a_timeout_names_its_phase(kind: Kind) -> None:
    """R2."""
    assert Outcome(kind).timed_out == (kind.value in {"connect_timeout", "headers_timeout", "body_timeout"})


@pytest.mark.parametrize(
    ("outcome", "text"),
    [
        (Outcome(Kind.SUCCESS, 204), "204"),
        (Outcome(Kind.SERVER_ERROR, 503), "503"),
        (Outcome(Kind.REFUSED), "refused"),
        (Outcome(Kind.HEADERS_TIMEOUT), "headers timeout"),
        (Outcome(Kind.BODY_TIMEOUT, 200), "body timeout"),  # a status alone would look like a success
        (Outcome(Kind.RESET, 200), "reset"),
        (Outcome(Kind.MALFORMED, 999), "malformed"),
        (Outcome(Kind.UNKNOWN), "unknown"),
    ],
)
def test_an_outcome_reads_as_people_say_it(outcome: Outcome, text: str) -> None:
    """R2."""
    assert str(outcome) == text

"""Every expectation, green and red: what was expected, what happened, and which deliveries show it."""

from __future__ import annotations

import pytest
from made_reports import START, attempt, delivery, judged, report, subscription

from simulator.domain.instant import HOUR, MINUTE, SECOND
from simulator.report.model import Judgement, Report
from simulator.scenario.expect import MOST_EVIDENCE

MIXED = report(
    delivery(1, "delivered", attempt(0, "server_error", 503), attempt(30, number=2)),
    delivery(2, "exhausted", attempt(0, "refused"), attempt(30, "refused", number=2)),
    delivery(3, "filtered"),
    delivery(4, "cancelled"),
    delivery(5, "delivered", attempt(0), to="jobs"),
    delivery(6, "pending", attempt(0, "client_error", 404), to="jobs"),
)
LADDER = report(
    delivery(1, "delivered", attempt(0, "refused"), attempt(30, "refused", number=2), attempt(331, number=3))
)
SENT_TWICE = report(
    delivery(1, "delivered", attempt(0), attempt(5, number=2, duplicate=True)),
    delivery(2, "delivered", attempt(0), attempt(9, number=2)),
    delivery(3, "delivered", attempt(0), attempt(9, number=2, chain=2)),
    delivery(4, "delivered", attempt(0, "headers_timeout"), attempt(30, number=2)),
)
FAST_AND_SLOW = report(
    *(delivery(number, "delivered", attempt(real_ms=number)) for number in range(1, 101)),
    delivery(101, "exhausted", attempt(0, "connect_timeout", real_ms=10_000)),
    delivery(102, "exhausted", attempt(0, "server_error", 503, fault="status", real_ms=9_000)),
)
TRIPPED = report(
    delivery(1, "cancelled", attempt(0, "server_error", 500)),
    delivery(2, "delivered", attempt(0)),
    crm=subscription(
        "crm",
        (START + 10 * HOUR, False, "auto-disabled: 100 attempts within 48 h"),
        (START + 20 * HOUR, True, "enabled"),
        (START + 30 * HOUR, False, "disabled by the customer (R6)"),
    ),
)
BROKEN_OFF = attempt(0, "body_timeout", 200)  # it said 200, and never came to an end

GREEN = [
    ("delivered: {event: auto_designer_job_completed, count: 1}", MIXED),
    ("delivered: {subscription: crm, share: 0.33}", MIXED),
    ("delivered: {count: 2}", MIXED),
    ("delivered:", report(delivery(1, "delivered", attempt()), delivery(2, "filtered"))),
    ("delivered: {all: true}", LADDER),
    ("delivered: {share: 0.7}", report(*(delivery(n, "delivered" if n > 3 else "exhausted") for n in range(1, 11)))),
    ("exhausted: {subscription: jobs, count: 0}", MIXED),
    ("exhausted: {share: 0.2}", MIXED),
    ("exhausted: {all: true}", report(delivery(1, "exhausted"))),
    ("cancelled: {count: 1}", MIXED),
    ("cancelled: {subscription: crm, share: 0.34}", MIXED),
    ("pending: {subscription: jobs, count: 1}", MIXED),
    ("filtered: {count: 1}", MIXED),
    ("filtered: {subscription: jobs, count: 0}", MIXED),
    ("attempts: {subscription: crm, delivery: 1, at: [0s, 30s, 5m31s]}", LADDER),
    ("attempts: {subscription: crm, delivery: 1, at: [0s, 30s, 5m30s], tolerance: 1s}", LADDER),
    ("attempts: {subscription: crm, delivery: 1, count: 3}", LADDER),
    ("attempts: {count: 6}", MIXED),
    ("outcomes: {counts: {2xx: 0, 200: 0, body_timeout: 1}}", report(delivery(1, "pending", BROKEN_OFF))),
    ("outcomes: {counts: {503: 1, 5xx: 1, 4xx: 1, refused: 2, success: 2, server_error: 1, 500: 0}}", MIXED),
    ("outcomes: {subscription: jobs, counts: {404: 1, refused: 0}}", MIXED),
    ("duplicates: {count: 1}", SENT_TWICE),
    ("duplicates: {without_cause: 0}", LADDER),
    ("duplicates: {without_cause: 1}", SENT_TWICE),
    ("resent: {count: 1}", SENT_TWICE),
    ("latency: {p50: 51ms, p95: 96ms, p99: 100ms}", FAST_AND_SLOW),
    ("disabled: {subscription: jobs, never: true}", TRIPPED),
    ("disabled: {subscription: crm}", TRIPPED),
    ("disabled: {subscription: crm, by: +10h}", TRIPPED),
    ("disabled: {subscription: crm, at: +30h}", TRIPPED),
    ("disabled: {subscription: crm, at: 2026-01-05T19:00:00Z, reason: Auto-Disabled}", TRIPPED),
]


@pytest.mark.parametrize(("entry", "run"), GREEN)
def test_what_is_as_expected_passes(entry: str, run: Report) -> None:
    verdict = judged(entry, run)
    assert verdict.verdict == "pass", verdict
    assert verdict.evidence == ()


RED = [
    (
        "delivered: {subscription: crm}",
        MIXED,
        "all delivered",
        "of 3 deliveries 1 delivered, 1 exhausted, 1 ca",
        (2, 4),
    ),
    (
        "delivered: {subscription: jobs, count: 0}",
        MIXED,
        "exactly 0 delivered",
        "of 2 deliveries 1 delivered, 1 pe",
        (5,),
    ),
    (
        "delivered: {subscription: jobs, count: 2}",
        MIXED,
        "exactly 2 delivered",
        "of 2 deliveries 1 delivered, 1 pe",
        (6,),
    ),
    ("delivered: {share: 0.995}", MIXED, "at least 99.5 % delivered", "of 5 deliveries 2 delivered", (2, 4, 6)),
    ("delivered:", report(), "all delivered", "there were no deliveries", ()),
    ("delivered: {share: 0.5}", report(), "at least 50 % delivered", "there were no deliveries", ()),
    (
        "delivered: {subscription: crm}",
        report(delivery(1, "filtered")),
        "all delivered",
        "there were no deliveries",
        (),
    ),
    ("exhausted: {count: 0}", MIXED, "exactly 0 exhausted", "of 5 deliveries 2 delivered, 1 exhausted", (2,)),
    ("exhausted: {share: 0.1}", MIXED, "at most 10 % exhausted", "of 5 deliveries 2 delivered, 1 exhausted", (2,)),
    ("exhausted: {share: 0}", report(), "at most 0 % exhausted", "there were no deliveries", ()),
    ("exhausted: {subscription: jobs, all: true}", MIXED, "all exhausted", "of 2 deliveries 1 delivered, 1 p", (5, 6)),
    ("cancelled: {count: 2}", MIXED, "exactly 2 cancelled", "of 5 deliveries", (1, 2, 5, 6)),
    ("pending: {count: 0}", MIXED, "exactly 0 pending", "of 5 deliveries", (6,)),
    ("filtered: {count: 0}", MIXED, "exactly 0 filtered", "of 6 deliveries", (3,)),
    (
        "attempts: {subscription: crm, delivery: 1, at: [0s, 30s, 5m30s]}",
        LADDER,
        "attempts at 0s, 30s, 5m 30s",
        "attempts at 0s, 30s, 5m 31s",
        (1,),
    ),
    (
        "attempts: {subscription: crm, delivery: 1, at: [0s, 30s], tolerance: 2s}",
        LADDER,
        "attempts at 0s, 30s ± 2s",
        "attempts at 0s, 30s, 5m 31s",
        (1,),
    ),
    ("attempts: {subscription: crm, delivery: 3, at: [0s]}", MIXED, "attempts at 0s", "attempts at no instant", (4,)),
    (
        "attempts: {subscription: crm, delivery: 2, count: 1}",
        LADDER,
        "attempts of delivery 2",
        "there was 1 deliv",
        (1,),
    ),
    ("attempts: {subscription: jobs, count: 3}", MIXED, "exactly 3 attempts", "2 attempts", (5, 6)),
    (
        "outcomes: {counts: {5xx: 0, 404: 1}}",
        MIXED,
        "5xx: 0, 404: 1",
        "5xx: 1, 404: 1 (all outcomes: success 2, re",
        (1,),
    ),
    ("outcomes: {subscription: jobs, counts: {dns: 1}}", MIXED, "dns: 1", "dns: 0 (all outcomes: success 1, ", (5, 6)),
    ("outcomes: {counts: {dns: 1}}", report(), "dns: 1", "dns: 0 (all outcomes: none)", ()),
    ("duplicates: {count: 0}", SENT_TWICE, "exactly 0 duplicates sent on purpose", "1 sent on purpose", (1,)),
    ("duplicates: {without_cause: 0}", SENT_TWICE, "exactly 0 duplicates without cause", "1 without cause", (2,)),
    ("resent: {count: 0}", SENT_TWICE, "exactly 0 resent", "1 resent", (3,)),
    (
        "latency: {p50: 50ms}",
        FAST_AND_SLOW,
        "p50 below 0.05s (real)",
        "p50 0.05s (real, 100 answers)",
        tuple(range(50, 70)),
    ),
    (
        "latency: {p99: 99ms, p50: 1s}",
        FAST_AND_SLOW,
        "p50 below 1s, p99 below 0.099s (real)",
        "p50 0.05s, p99 0.099",
        (99, 100),
    ),
    (
        "latency: {p95: 1s}",
        report(delivery(1, "exhausted", attempt(0, "dns"))),
        "p95 below 1s (real)",
        "no receiver a",
        (),
    ),
    ("disabled: {subscription: jobs}", TRIPPED, "disabled", "never disabled", ()),
    (
        "disabled: {subscription: crm, by: +9h}",
        TRIPPED,
        "disabled by 2026-01-05T18:00:00Z",
        "disabled at 2026-01-05T1",
        (1,),
    ),
    (
        "disabled: {subscription: crm, at: +20h}",
        TRIPPED,
        "disabled at 2026-01-06T05:00:00Z",
        "disabled at 2026-01-05",
        (1,),
    ),
    (
        "disabled: {subscription: crm, never: true}",
        TRIPPED,
        "never disabled",
        "disabled at 2026-01-05T19:00:00Z (auto-",
        (1,),
    ),
    (
        "disabled: {subscription: crm, by: +12h, reason: by the customer}",
        TRIPPED,
        'disabled by 2026-01-05T21:00:00Z with "by the customer"',
        "disabled at 2026-01-05T19:00:00Z (auto-disabled",
        (1,),
    ),
]


@pytest.mark.parametrize(("entry", "run", "expected", "actual", "evidence"), RED)
def test_what_is_not_as_expected_fails_and_shows_it(
    entry: str, run: Report, expected: str, actual: str, evidence: tuple[int, ...]
) -> None:
    verdict = judged(entry, run)
    assert verdict.verdict == "fail"
    assert verdict.expected == expected
    assert verdict.actual.startswith(actual)
    assert verdict.evidence == evidence


PROBE = "{receiver}/state"
ANSWERS = [
    ("equals: {a: [1, true, x]}", {"a": [1, True, "x"]}, {"a": [1, 1, "x"]}),
    ("equals: 1", 1.0, True),
    ("equals: null", None, {}),
    ("equals: []", [], [1]),
    (
        "contains: {status: signed, by: {name: Ann}}",
        {"status": "signed", "by": {"name": "Ann", "age": 3}},
        {"status": "signed"},
    ),
    ("contains: {status: signed}", [{"status": "sent"}, {"status": "signed", "id": 1}], [{"status": "sent"}]),
    ("contains: [1, 2]", [3, 2, 1], [1, 3]),
    ("contains: sign", "signed", "sent"),
    ("count: 2", [1, 2], [1]),
    ("count: 1", {"a": {}}, "a"),
]


@pytest.mark.parametrize(("wanted", "right", "wrong"), ANSWERS)
def test_what_the_receiver_says_is_compared_as_json(wanted: str, right: object, wrong: object) -> None:
    entry = f'receiver: {{probe: "{PROBE}", {wanted}}}'
    assert judged(entry, report(), probe_answers={PROBE: right}).verdict == "pass"
    verdict = judged(entry, report(), probe_answers={PROBE: wrong})
    assert verdict.verdict == "fail"
    assert verdict.name == f"receiver: {PROBE}"


def test_a_receiver_that_gave_no_answer_fails() -> None:
    verdict = judged(f'receiver: {{probe: "{PROBE}", equals: {{b: 1, a: é}}}}', report())
    assert (verdict.verdict, verdict.expected) == ("fail", 'exactly {"a": "é", "b": 1}')
    assert verdict.actual == "the receiver gave no answer that could be read"


def test_a_long_answer_is_cut_short() -> None:
    verdict = judged(f'receiver: {{probe: "{PROBE}", count: 1}}', report(), probe_answers={PROBE: "x" * 5_000})
    assert len(verdict.actual) < 400


REFUSALS = {1: "delivery 1 cannot be resent: its event is older than 30 days (R10)"}


def test_a_refused_resend_can_be_what_is_expected() -> None:
    """R10."""
    for entry in ("resent: {refused: true}", "resent: {subscription: crm, refused: true, reason: 30 DAYS}"):
        assert judged(entry, MIXED, refusals=REFUSALS).verdict == "pass"


@pytest.mark.parametrize(
    ("entry", "actual", "evidence"),
    [
        ("resent: {refused: true, reason: disabled}", REFUSALS[1], (1,)),
        ("resent: {subscription: jobs, refused: true}", "none was refused", ()),
    ],
)
def test_another_refusal_is_not_what_was_expected(entry: str, actual: str, evidence: tuple[int, ...]) -> None:
    verdict = judged(entry, MIXED, refusals=REFUSALS)
    assert (verdict.verdict, verdict.actual, verdict.evidence) == ("fail", actual, evidence)


def test_two_deliveries_of_one_event_to_one_subscription_have_no_cause() -> None:
    """R11."""
    run = report(delivery(1, "delivered", attempt()), delivery(2, "delivered", attempt(), event_id=1))
    verdict = judged("duplicates: {without_cause: 0}", run)
    assert (verdict.verdict, verdict.evidence) == ("fail", (2,))


def test_a_deletion_disables_nothing() -> None:
    gone = subscription("crm", (START + HOUR, False, "deleted"), deleted_at=START + HOUR)
    assert judged("disabled: {subscription: crm, never: true}", report(crm=gone)).verdict == "pass"


def test_a_subscription_that_never_came_to_be_fails_every_expectation_of_it() -> None:
    run = report(crm=subscription("other"))
    verdict = judged("delivered: {subscription: crm}", run)
    assert verdict == Judgement(
        "delivered: crm", "fail", "a subscription called crm", "there was none in this run", (), "f.yaml:6"
    )


def test_the_evidence_is_bounded() -> None:
    run = report(*(delivery(number, "exhausted") for number in range(1, 100)))
    assert judged("delivered:", run).evidence == tuple(range(1, MOST_EVIDENCE + 1))


@pytest.mark.parametrize(
    ("entry", "name"),
    [
        ("delivered:", "delivered"),
        ("delivered: {event: lead_changed}", "delivered: lead_changed"),
        ("attempts: {subscription: crm, delivery: 2, count: 1}", "attempts: crm, delivery 2"),
    ],
)
def test_a_judgement_says_what_it_is_about_and_where_that_stands(entry: str, name: str) -> None:
    verdict = judged(entry, report())
    assert (verdict.name, verdict.where) == (name, "f.yaml:6")


def test_offsets_are_counted_from_the_event_and_not_from_the_start() -> None:
    late = START + 10 * MINUTE
    made = attempt(started_at=late + 30 * SECOND)
    run = report(delivery(1, "delivered", made, occurred_at=late))
    assert judged("attempts: {subscription: crm, delivery: 1, at: [30s]}", run).verdict == "pass"


def test_a_latency_within_its_limits_is_told_in_the_same_words_every_time() -> None:
    """The digest of a report covers these words."""
    slow, fast = (report(delivery(1, "delivered", attempt(real_ms=ms))) for ms in (9.0, 2.0))
    assert judged("latency: {p50: 1s}", slow) == judged("latency: {p50: 1s}", fast)

"""The plugin as a user's test run sees it: what passes, how a failure reads, what the options do."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from simulator.pytest_plugin.background import Background
from simulator.pytest_plugin.serving import serve

pytest_plugins = "pytester"

INI = """
    [pytest]
    asyncio_mode = auto
    asyncio_default_fixture_loop_scope = function
"""
SAMPLE = """
    import pytest
    from simulator.receivers import load
    from simulator.receivers.app import make_app

    def app(kind):
        return make_app(load(kind)())
"""


def run(pytester: pytest.Pytester, test: str, *options: str, ini: str = "") -> pytest.RunResult:
    """Run one test file whose receivers are the sample ones."""
    pytester.makeini(INI + ini)
    pytester.makepyfile(SAMPLE + test)
    return pytester.runpytest_inprocess("-p", "no:cacheprovider", *options)


def test_the_example_passes_as_it_stands(pytester: pytest.Pytester) -> None:
    """With the options of a project that has none."""
    pytester.makepyfile(test_example=(Path(__file__).parent / "example_test.py").read_text())
    pytester.makeini("[pytest]\nasyncio_default_fixture_loop_scope = function")
    pytester.runpytest_inprocess("-p", "no:cacheprovider").assert_outcomes(passed=7)


def test_loading_the_plugin_imports_nothing_of_the_simulator() -> None:
    seen = "import sys, simulator.pytest_plugin; print(*(name for name in sys.modules if name.startswith('simulator')))"
    ran = subprocess.run([sys.executable, "-c", seen], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["simulator", "simulator.pytest_plugin"]


def test_a_delivery_that_does_not_arrive_says_what_was_sent_and_what_came_back(pytester: pytest.Pytester) -> None:
    ran = run(
        pytester,
        """
    def test_it(aurora):
        aurora.subscribe("lead_changed", to=app("expects-post"))
        aurora.emit("lead_changed", LEAD_ID="l1")
        aurora.assert_delivered()
""",
    )
    ran.assert_outcomes(failed=1)
    ran.stdout.fnmatch_lines(
        [
            ">       aurora.assert_delivered()",
            "E       AssertionError: 1 of 1 delivery did not arrive",
            "E       lead_changed LEAD_ID=l1",
            "E                  0s  GET http://127.0.0.1:*/lead_changed?lead_id=l1  ->  405",
            "E         23h 35m 30s  GET http://127.0.0.1:*/lead_changed?lead_id=l1  ->  405",
            "E         exhausted: *",
        ]
    )
    assert "background.py" not in ran.stdout.str()


def test_a_claim_about_nothing_fails(pytester: pytest.Pytester) -> None:
    ran = run(
        pytester,
        """
    @pytest.mark.parametrize("claim", ["assert_delivered()", "assert_exactly_once(len)",
                                       "assert_converges('design', len)"])
    def test_it(aurora, claim):
        aurora.subscribe("lead_changed", to=app("robust"))
        eval("aurora." + claim)
""",
    )
    ran.assert_outcomes(failed=3)
    ran.stdout.fnmatch_lines(["*no subscription heard any event", "*no subscription heard an event of it"])


def test_the_shortest_history_that_goes_wrong_is_told(pytester: pytest.Pytester) -> None:
    """R11: signed, then viewed."""
    ran = run(
        pytester,
        """
    def test_it(aurora):
        known = {}
        def last_write_wins(environ, start_response):
            said = dict(pair.split("=") for pair in environ["QUERY_STRING"].split("&"))
            known[said["agreement_id"]] = said["status"]
            start_response("200 OK", [])
            return [b""]
        aurora.subscribe("agreement_status_changed", to=last_write_wins)
        aurora.assert_converges("agreement_signed", lambda story: known[story["AGREEMENT_ID"]])
""",
    )
    ran.assert_outcomes(failed=1)
    ran.stdout.fnmatch_lines(
        [
            "E       AssertionError: agreement_signed does not converge: viewed, then sent",
            'E         final state  "sent"',
            'E         expected     "viewed", as after sent, then viewed',
            "E                  0s  GET *status=viewed  ->  200",
            "E                  0s  GET *status=sent  ->  200",
        ]
    )


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        ("robust", None),
        ("counts-duplicates", "*agreement_signed does not converge: signed, then signed"),
        (
            "answers-everything",
            '*agreement_signed leaves no trace: the state is {"status": 404} before it and after it',
        ),
        ("expects-post", "*agreement_signed did not arrive"),
    ],
)
def test_converging_is_told_from_every_way_of_not_converging(
    pytester: pytest.Pytester, kind: str, says: str | None
) -> None:
    ran = run(
        pytester,
        f"""
    def test_it(aurora):
        aurora.subscribe("agreement_status_changed", to=app("{kind}"))
        aurora.assert_converges("agreement_signed", "/agreements/<AGREEMENT_ID>", examples=3)
""",
    )
    ran.assert_outcomes(failed=1) if says else ran.assert_outcomes(passed=1)
    ran.stdout.fnmatch_lines([says] if says else [])


def test_an_effect_that_comes_twice_is_told_with_its_attempts(pytester: pytest.Pytester) -> None:
    ran = run(
        pytester,
        """
    def test_it(aurora):
        received = []
        def wsgi(environ, start_response):
            received.append(environ["QUERY_STRING"])
            start_response("200 OK", [])
            return [b""]
        aurora.subscribe("lead_changed", to=wsgi)
        aurora.fault("duplicate")
        aurora.emit("lead_changed", LEAD_ID="l1")
        aurora.assert_exactly_once(lambda event: received)
""",
    )
    ran.assert_outcomes(failed=1)
    ran.stdout.fnmatch_lines(
        [
            "E       AssertionError: lead_changed took effect 2 times, expected 1 time",
            "E         of LEAD_ID=l1",
            "E                  0s  GET *  ->  200",
            "E                  5s  GET *  ->  200 again",
        ]
    )


def test_an_assertion_that_nobody_awaits_is_an_error(pytester: pytest.Pytester) -> None:
    ran = run(
        pytester,
        """
    async def test_it(aurora):
        aurora.assert_delivered()
""",
    )
    ran.assert_outcomes(passed=1, errors=1)
    ran.stdout.fnmatch_lines(["never awaited: assert_delivered; in an async test, await what aurora does"])


def test_wrong_use_is_refused_where_the_test_stands(pytester: pytest.Pytester) -> None:
    ran = run(
        pytester,
        """
    @pytest.mark.parametrize("use", ["subscribe('lead_chnged', to='http://127.0.0.1:9')", "subscribe('lead_changed')",
                                     "fault('refse')", "story('agreement_sined')", "advance('soon')",
                                     "subscribe('lead_changed', to=7)", "emit('lead_changed', LEED_ID='l1')"])
    def test_it(aurora, use):
        eval("aurora." + use)
""",
    )
    ran.assert_outcomes(failed=7)
    ran.stdout.fnmatch_lines(
        [
            '*did you mean "lead_changed"?*',
            "*there is no receiver; name one with to=*",
            '*did you mean "refuse"?*',
            '*did you mean "agreement_signed"?*',
            '*"soon" is not a duration*',
            "*7 is no receiver*",
            '*did you mean "LEAD_ID"?*',
        ]
    )
    assert "background.py" not in ran.stdout.str()


def test_what_no_fault_and_no_time_can_be_is_refused_before_it_acts(pytester: pytest.Pytester) -> None:
    uses = {
        "fault('flap', period='0s')": "*Refused: period must be longer than nothing",
        "fault('slow', probability=2)": "*Refused: probability must lie above 0, and at 1 at the most; it is 2",
        "fault('status', status=42)": "*Refused: status must lie between 100 and 599; it is 42",
        "fault('refuse', attempt=[])": "*Refused: attempt must name at least one; 1 is the first attempt",
        "fault('refuse', attempt=0)": "*Refused: attempt must name at least one; 1 is the first attempt",
        "fault('refuse', event='lead_chnged')": '*Invalid: event: there is no event "lead_chnged" (did you mean*',
        "advance(timedelta(seconds=-1))": "*Refused: -1 s lie in the past, and time never goes back",
    }
    ran = run(
        pytester,
        f"""
    from datetime import timedelta

    @pytest.mark.parametrize("use", {[*uses]})
    def test_it(aurora, use):
        eval("aurora." + use)
""",
    )
    ran.assert_outcomes(failed=len(uses))
    ran.stdout.fnmatch_lines([*uses.values()])


def test_a_test_that_fails_for_another_reason_shows_the_webhooks_too(pytester: pytest.Pytester) -> None:
    ran = run(
        pytester,
        """
    def test_it(aurora):
        aurora.subscribe("lead_changed", to=app("robust"))
        aurora.emit("lead_changed")
        aurora.run_until_idle()
        assert 1 == 2
""",
    )
    ran.assert_outcomes(failed=1)
    ran.stdout.fnmatch_lines(["*webhooks sent by aurora*", "lead_changed LEAD_ID=*", "*  ->  200"])


def test_the_receiver_and_the_seed_can_be_given_for_the_whole_run(pytester: pytest.Pytester) -> None:
    test = """
    def test_it(aurora):
        aurora.subscribe("lead_changed")
        aurora.emit("lead_changed")
        aurora.run_until_idle()
        print("sent", aurora.deliveries()[0].attempts[0].url)
"""
    receiver = ("--aurora-receiver", "http://127.0.0.1:9", "-s")
    ini = "\n    aurora_receiver = http://127.0.0.1:9\n    aurora_seed = 7\n"
    sent = [
        next(line for line in ran.outlines if "sent http" in line)
        for ran in (
            run(pytester, test, *receiver),
            run(pytester, test, *receiver, "--aurora-seed", "7"),
            run(pytester, test, "-s", ini=ini),
        )
    ]
    assert sent[0] != sent[1] == sent[2]


@pytest.fixture
def shared() -> Iterator[tuple[str, list[str]]]:
    """A receiver that is up for all tests of a run: its URL, and the queries that it got."""
    queries: list[str] = []

    def receiver(environ: Any, start_response: Any) -> list[bytes]:
        queries.append(environ["QUERY_STRING"])
        start_response("200 OK", [])
        return [b""]

    background = Background()
    with background.within(serve(receiver)) as url:
        yield url, queries
    background.close()


def test_workers_side_by_side_send_what_one_alone_would_and_no_id_twice(
    pytester: pytest.Pytester, shared: tuple[str, list[str]]
) -> None:
    """Under pytest-xdist, to one receiver for all."""
    pytest.importorskip("xdist", reason="pytest-xdist is not installed")
    url, queries = shared
    test = """
    @pytest.mark.parametrize("number", range(5))
    def test_it(aurora, number):
        aurora.subscribe("lead_changed")
        aurora.emit("lead_changed")
        aurora.assert_delivered()
        assert number < 4
"""
    sent = []
    for workers in ("0", "2"):
        ran = run(pytester, test, "-n", workers, "--aurora-receiver", url)
        ran.assert_outcomes(passed=4, failed=1)
        ran.stdout.fnmatch_lines(["*webhooks sent by aurora*", "lead_changed LEAD_ID=*", "*  ->  200"])
        sent.append(sorted(queries))
        queries.clear()
    assert sent[0] == sent[1]
    assert len(set(sent[0])) == 5


def test_a_host_outside_this_machine_must_be_allowed(pytester: pytest.Pytester) -> None:
    test = """
    def test_it(aurora):
        aurora.subscribe("lead_changed", to="http://receiver.invalid")
        aurora.emit("lead_changed")
        aurora.run_until_idle()
        assert {one.outcome for one in aurora.deliveries()[0].attempts} == {"dns"}
"""
    run(pytester, test).assert_outcomes(failed=1)
    run(pytester, test, ini="\n    aurora_allow_hosts = receiver.invalid\n").assert_outcomes(passed=1)

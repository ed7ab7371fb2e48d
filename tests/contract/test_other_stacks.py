"""Real code in the middle: receivers of a few lines on other stacks pass the same checks, by other probes."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest
from serving import NOT_OF_AURORA, OTHER_STACKS, program, verdicts, wanted

from simulator.contract.probe import Probes, SqlProbe, UrlProbe
from simulator.contract.verify import verify
from simulator.report.model import Report
from simulator.wire.targets import Targets

NODE = shutil.which("node")
AGREEMENTS = ["agreement_status_changed"]
OPEN_TEXTS = {"hostile-values", "decoding"}  # an agreement has no attribute that takes any text
NOT_HERE = {"encryption", "genuine-repeat"} | OPEN_TEXTS | NOT_OF_AURORA


def assert_ready(report: Report) -> None:
    failed = [f"{one.id}: {one.message}" for one in report.checks if one.verdict not in ("pass", "skipped")]
    assert failed == []
    assert {name for name, verdict in verdicts(report).items() if verdict == "skipped"} == NOT_HERE


async def test_a_receiver_on_http_server_and_sqlite_passes_seen_by_a_query(tmp_path: Path):
    database = tmp_path / "app.sqlite"
    query = """SELECT status, (SELECT count(*) FROM letters WHERE agreement = :AGREEMENT_ID) AS letters
               FROM agreements WHERE id = :AGREEMENT_ID"""
    with program(sys.executable, str(OTHER_STACKS / "receiver.py"), str(database)) as url:
        probes = Probes(SqlProbe(database, query))
        assert_ready(await verify(wanted(url, events=AGREEMENTS, probes=probes)))


@pytest.mark.skipif(NODE is None, reason="there is no node on this machine")
async def test_a_receiver_on_node_passes_seen_by_a_url_for_each_agreement():
    assert NODE
    targets = Targets()
    with program(NODE, str(OTHER_STACKS / "receiver.mjs")) as url:
        forget = UrlProbe(f"{url}/reset", targets, method="POST")
        probes = Probes(UrlProbe(f"{url}/agreements/<AGREEMENT_ID>", targets), forget=forget)
        assert_ready(await verify(wanted(url, events=AGREEMENTS, probes=probes)))

"""What the record must not hold (S7), and that the same seed and the same answers make the same record."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from loopback import Hit, Loopback
from stage import Row, Stage

from simulator.engine import bell

OverHttp = Callable[..., Stage]


# S7: secrets


async def test_no_secret_stands_in_the_database_outside_its_own_table_s7(
    over_http: OverHttp, receiver: Loopback, tmp_path: Path
) -> None:
    """Not even where the receiver sends it back as something that is not HTTP."""
    secrets = ["tok-2dbcbba1", "tok-rotated", "Powering the future", "rotated future"]
    stage = over_http(path=tmp_path / "run.db")
    receiver.answer = lambda hit: "\r\n".join(f"{name}: {value}" for name, value in hit.headers.items()).encode()
    subscription = stage.subscribe(
        header_auth_key="X-Token",
        header_auth_value=secrets[0],
        basic_auth_username="crm",
        basic_auth_password=secrets[2],
    )
    stage.emit()
    await stage.until(100)
    stage.change(subscription, header_auth_value=secrets[1], basic_auth_password=secrets[3])
    await stage.settle()
    sent = {
        value for hit in receiver.hits for name, value in hit.headers.items() if name in ("x-token", "authorization")
    }
    assert len(sent) == 4
    hidden = sent | set(secrets) | {value.removeprefix("Basic ") for value in sent}
    shown = _everything(stage, but=("secrets",))
    assert len(shown["attempts"]) == 6
    assert not [secret for secret in hidden if secret in repr(shown)]
    assert not [secret for secret in hidden if secret in repr(list(stage.sim.roster))]
    kept = repr(stage.rows("SELECT * FROM secrets"))
    assert all(secret in kept for secret in secrets)


# The same seed and the same answers make the same rows


@pytest.mark.parametrize("herd", [50, bell.WAVE + 76], ids=["a burst", "more than a wave"])
async def test_however_the_answers_race_the_record_is_the_same(
    over_http: OverHttp, receiver: Loopback, herd: int
) -> None:
    """Two runs, the same answers after other real delays; one of the subscriptions is disabled in the middle."""

    async def run(delays: random.Random) -> dict[str, list[Row]]:
        stage = over_http(seed=7, unhurried=True)
        asked: Counter[str] = Counter()

        async def answer(hit: Hit) -> int:
            asked[hit.target] += 1
            await asyncio.sleep(delays.uniform(0, 0.005))
            return 503 if hit.target.startswith("/fails") or asked[hit.target] <= int(hit.target[-1]) % 3 else 200

        receiver.answer = answer
        stage.subscribe("/crm?id=<LEAD_ID>")
        stage.subscribe("/fails?id=<LEAD_ID>")
        stage.emit_many(herd)
        await stage.settle()
        return _everything(stage)

    first = await run(random.Random(1))
    assert len({row["started_at"] for row in first["attempts"] if row["number"] == 1}) == 1
    assert [row["delivery_id"] for row in first["attempts"][:herd]] == sorted(
        row["delivery_id"] for row in first["attempts"][:herd]
    )
    assert await run(random.Random(2)) == first


def _everything(stage: Stage, but: tuple[str, ...] = ()) -> dict[str, list[Row]]:
    """Every row of every table, without what is measured in real time."""
    tables = [row["name"] for row in stage.rows("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
    return {
        table: [
            {name: value for name, value in row.items() if name not in ("real_us", "applied_at")}
            for row in stage.rows(f"SELECT * FROM [{table}]")
        ]
        for table in tables
        if table not in but
    }

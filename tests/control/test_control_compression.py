"""JSON is gzipped for whoever takes that; what is short, and the event stream, is not."""

from __future__ import annotations

import gzip
import json

import pytest
from served import Served

from simulator.control.compression import SMALL, takes_gzip

CATALOGUE, SNAPSHOT = "/simulator/catalogue", "/simulator/snapshot"


async def raw(face: Served, path: str, accepted: str) -> tuple[bytes, str | None, str | None]:
    """The bytes as they came, how they are packed, and what the answer depends on."""
    given = {"Accept-Encoding": accepted}
    async with face.client.get(face.url + path, headers=given, auto_decompress=False) as answer:
        return await answer.read(), answer.headers.get("Content-Encoding"), answer.headers.get("Vary")


@pytest.mark.parametrize("path", [CATALOGUE, SNAPSHOT, "/simulator/report", "/simulator/openapi.json"])
async def test_what_is_long_goes_out_gzipped_and_holds_the_same(face: Served, path: str) -> None:
    face.subscribe(name="crm")
    await face.emit(count=20)
    await face.settle()
    plain, unpacked, depends = await raw(face, path, "identity")
    packed, encoding, _ = await raw(face, path, "gzip, br")
    assert (unpacked, encoding, depends) == (None, "gzip", "Accept-Encoding")
    assert len(packed) < len(plain) / 3
    assert json.loads(gzip.decompress(packed)).keys() == json.loads(plain).keys()


async def test_a_snapshot_too_long_for_one_go_arrives_whole(face: Served) -> None:
    """It is packed beside the engine."""
    face.subscribe(name="crm")
    await face.emit(count=500)
    await face.settle()
    packed, encoding, _ = await raw(face, SNAPSHOT, "gzip")
    assert encoding == "gzip"
    assert len(json.loads(gzip.decompress(packed))["deliveries"]) == 500


async def test_what_is_short_goes_out_as_it_is(face: Served) -> None:
    told, encoding, depends = await raw(face, "/simulator/clock", "gzip")
    assert (encoding, depends) == (None, None)
    assert len(told) < SMALL


async def test_deflate_alone_is_not_asked_for(face: Served) -> None:
    _, encoding, _ = await raw(face, CATALOGUE, "deflate, gzip;q=0")
    assert encoding is None


async def test_the_stream_of_events_is_never_packed(face: Served) -> None:
    given = {"Accept-Encoding": "gzip"}
    async with face.client.get(f"{face.url}/simulator/stream", headers=given, auto_decompress=False) as answer:
        assert "Content-Encoding" not in answer.headers
        assert (await answer.content.readline()).startswith(b"event: ")


@pytest.mark.parametrize(
    ("accepted", "takes"),
    [
        ("gzip", True),
        ("GZIP", True),
        ("br, gzip ; q=0.2", True),
        ("*", True),
        ("deflate, *;q=0.1", True),
        ("", False),
        ("identity", False),
        ("x-gzip", False),
        ("gzip;q=0", False),
        ("gzip;q=0.000, *", False),
        ("*;q=0", False),
    ],
)
def test_a_weight_of_nothing_is_a_no(accepted: str, takes: bool) -> None:
    assert takes_gzip(accepted) is takes

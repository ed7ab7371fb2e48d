"""`wire/live`: a secret in the URL reaches the receiver, and nobody else (S7, S13)."""

from aiohttp import web

from simulator.domain.fault import Passage
from simulator.domain.request import Request
from simulator.wire.live import LiveWire
from simulator.wire.targets import Targets

PASSAGE = Passage(1, "s1", "lead_changed", number=1, position=1, started_at=0)


async def test_the_wire_carries_the_secret_that_the_record_hides_s13() -> None:
    heard: list[str] = []

    async def receive(request: web.Request) -> web.Response:
        heard.append(request.raw_path)
        return web.Response()

    app = web.Application()
    app.router.add_get("/{path:.*}", receive)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    wire = LiveWire(10, targets=Targets(), user_agent="test")
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/s3cr3t?t=s3cr3t&a=b%2Cc"
    outcome = await wire.send(Request("GET", url).hiding("s3cr3t"), PASSAGE)
    await wire.close()
    await runner.cleanup()
    assert outcome.succeeded
    assert heard == ["/s3cr3t?t=s3cr3t&a=b%2Cc"]

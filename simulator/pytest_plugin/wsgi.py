"""A WSGI application on loopback, in threads of its own, by the standard library's server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from socketserver import TCPServer, ThreadingMixIn
from threading import Thread
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

_POLL_SECONDS = 0.01  # real: how soon the server notices that it is to stop


@asynccontextmanager
async def serve_wsgi(app: Any) -> AsyncIterator[str]:
    """The base URL of the application while the block lasts."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.set_app(app)
    thread = Thread(target=server.serve_forever, args=(_POLL_SECONDS,), name="aurora receiver", daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        await asyncio.to_thread(server.shutdown)
        await asyncio.to_thread(thread.join)
        server.server_close()


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 512  # a burst of deliveries must not be refused

    def server_bind(self) -> None:
        # Not HTTPServer's: it asks the network for the name of 127.0.0.1.
        TCPServer.server_bind(self)
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]
        self.setup_environ()


class _Handler(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        """A test's output is for the test."""

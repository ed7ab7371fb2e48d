"""A receiver that is not the bottleneck: nginx answers 204, and 503 below /fail, where it can on a core of its own.

Without nginx an aiohttp server in a process of its own takes its place; then the receiver may be what is measured, and
the head of the table says so.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_NGINX = """
worker_processes 1; daemon off; pid {folder}/pid; error_log {folder}/errors;
events {{ worker_connections 4096; }}
http {{
    access_log off; keepalive_requests 100000000; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port} backlog=4096;
        location / {{ return 204; }}
        location /fail {{ return 503; }}
    }}
}}
"""

_AIOHTTP = """
import sys
from aiohttp import web
async def answer(request):
    return web.Response(status=503 if request.path.startswith("/fail") else 204)
app = web.Application()
app.router.add_get("/{path:.*}", answer)
web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), print=None, access_log=None)
"""


@dataclass(frozen=True, slots=True)
class Receiver:
    url: str
    described: str


@contextmanager
def receiving(folder: Path) -> Iterator[Receiver]:
    """A receiver for as long as the block lasts, on the second core where there are two."""
    port = _free_port()
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if nginx:
        (folder / "nginx.conf").write_text(_NGINX.format(folder=folder, port=port))
        command = [nginx, "-c", str(folder / "nginx.conf"), "-e", str(folder / "errors")]
    else:
        command = [sys.executable, "-c", _AIOHTTP, str(port)]
    cores = _cores()
    process = subprocess.Popen(command)
    try:
        if len(cores) > 1:
            os.sched_setaffinity(process.pid, {cores[1]})
        _await(port)
        where = f"on core {cores[1]}, we on core {cores[0]}" if len(cores) > 1 else "on the same core as we"
        yield Receiver(f"http://127.0.0.1:{port}", f"{'nginx' if nginx else 'aiohttp (no nginx here)'} {where}")
    finally:
        process.terminate()
        process.wait()


@contextmanager
def beside_the_receiver() -> Iterator[None]:
    """This process keeps to the first core meanwhile, where there are two, so as not to disturb who answers."""
    cores = _cores()
    if len(cores) == 1:
        yield
        return
    os.sched_setaffinity(0, {cores[0]})
    try:
        yield
    finally:
        os.sched_setaffinity(0, cores)


def _cores() -> list[int]:
    return sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else [0]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _await(port: int) -> None:
    until = time.monotonic() + 10
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise RuntimeError("the receiver did not start within 10 s")

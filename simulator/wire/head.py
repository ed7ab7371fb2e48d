"""The head of a request, byte for byte (E4, E7, E9).

In: method, path and headers whose bytes are final. Out: what goes on the wire, in the order in which it was given. Only
Host, User-Agent and Accept are added, the latter two where nobody gave them, and the length of a body.
"""

from __future__ import annotations

import re
from functools import lru_cache

from simulator.domain.request import Request
from simulator.errors import Bug

_FRAMING = re.compile(r"[\0\r\n]")  # would end a line early, and begin one that nobody gave


def write_request(request: Request, path: str, host: str, user_agent: str) -> bytes:
    """The bytes of a request for `path` at `host`."""
    headers = request.headers + request.secret_headers if request.headers else request.secret_headers
    head = f"{request.method} {path} HTTP/1.1\r\n{_fields(host, user_agent, headers)}"
    body = request.body
    if body is None and request.method == "GET":
        return f"{head}\r\n".encode()
    return f"{head}Content-Length: {len(body or b'')}\r\n\r\n".encode() + (body or b"")


@lru_cache(maxsize=1024)
def _fields(host: str, user_agent: str, headers: tuple[tuple[str, str], ...]) -> str:
    """Lines that are the same for every request under one revision of a subscription."""
    given = {name.lower() for name, _ in headers}
    named = () if "user-agent" in given else (("User-Agent", user_agent),)
    accepting = () if "accept" in given else (("Accept", "*/*"),)
    lines = [f"{name}: {value}" for name, value in (("Host", host), *named, *headers, *accepting)]
    if any(map(_FRAMING.search, lines)):
        raise Bug("a header holds a line break; it should have been refused when it was registered")
    return "\r\n".join((*lines, ""))

"""JSON goes out gzipped where the caller takes it and it is worth the work; a stream never does.

In: what a request accepts, and an answer. Out: the same answer, told to pack itself. What is long is packed in a thread
of its own, so that the engine does not wait.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from aiohttp import hdrs, web

SMALL = 1_024  # bytes; what is shorter fits one packet anyway
JSON = "application/json"


def json_text(text: str, status: int = HTTPStatus.OK, headers: Mapping[str, str] | None = None) -> web.Response:
    """An answer that holds this JSON."""
    return web.Response(text=text, status=status, headers=headers, content_type=JSON, zlib_executor_size=64 * SMALL)


def pack(request: web.Request, answer: web.StreamResponse) -> web.StreamResponse:
    """Told to whoever keeps copies as well: another caller may get other bytes."""
    if not isinstance(answer, web.Response) or answer.content_type != JSON:
        return answer
    if isinstance(answer.body, bytes) and len(answer.body) >= SMALL:
        answer.headers[hdrs.VARY] = hdrs.ACCEPT_ENCODING
        if takes_gzip(request.headers.get(hdrs.ACCEPT_ENCODING, "")):
            answer.enable_compression(web.ContentCoding.gzip)
    return answer


def takes_gzip(accepted: str) -> bool:
    """Whether whoever accepts these encodings takes gzip; a weight of 0 is a no (RFC 9110, 12.5.3)."""
    weights = {}
    for one in accepted.split(","):
        name, _, weight = one.partition(";")
        weights[name.strip().lower()] = weight.partition("=")[2].strip()
    given = weights.get("gzip", weights.get("*", "0"))
    return given.strip("0.") != "" or given == ""

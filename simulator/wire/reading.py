"""Bodies, read up to a bound: a request that somebody sends to us, the answer to a probe.

In: what arrives. Out: all of it, or nothing where there is more than anybody can mean: whoever never stops sending must
not fill this machine.
"""

from __future__ import annotations

from aiohttp import ClientResponse, StreamReader

ANSWER_BOUND = 1024 * 1024  # bytes of the answer to a probe


async def read_bounded(stream: StreamReader, bound: int) -> bytes | None:
    """The whole body; None beyond `bound` bytes, of which nothing is kept. Raises what the stream raises."""
    content = bytearray()
    async for chunk in stream.iter_any():
        content += chunk
        if len(content) > bound:
            return None
    return bytes(content)


async def read_text(response: ClientResponse, errors: str = "strict") -> str | None:
    """The text of an answer; None beyond `ANSWER_BOUND`. Raises `ClientError`, `UnicodeDecodeError` if `strict`."""
    content = await read_bounded(response.content, ANSWER_BOUND)
    if content is None:
        response.close()  # the rest of it is not waited for
        return None
    try:
        return content.decode(response.charset or "utf-8", errors)
    except LookupError:  # a charset that nobody knows
        return content.decode("utf-8", errors)

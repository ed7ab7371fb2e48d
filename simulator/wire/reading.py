"""The answer to a probe, read up to a bound.

In: an answer of the HTTP client whose head is there. Out: its text, or nothing where there is more of it than anybody
who probes can mean: a receiver that never stops answering must not fill this machine.
"""

from __future__ import annotations

from aiohttp import ClientResponse

ANSWER_BOUND = 1024 * 1024  # bytes


async def read_text(response: ClientResponse, errors: str = "strict") -> str | None:
    """The text of the body; None beyond `ANSWER_BOUND`. Raises `ClientError`, and `UnicodeDecodeError` if `strict`."""
    content = bytearray()
    async for chunk in response.content.iter_any():
        content += chunk
        if len(content) > ANSWER_BOUND:
            response.close()  # the rest of it is not waited for
            return None
    try:
        return content.decode(response.charset or "utf-8", errors)
    except LookupError:  # a charset that nobody knows
        return content.decode("utf-8", errors)

"""Log lines on stderr: short ones for people, or one JSON object a line for programs."""

from __future__ import annotations

import json
import logging
import sys

from simulator.clock.stopwatch import wall_time_iso


def log_to_stderr(*, as_json: bool) -> None:
    """From now on, what the simulator logs; aiohttp's own server has nothing to say that is not said better here."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if as_json else ShortLines())
    ours = logging.getLogger("simulator")
    ours.handlers, ours.propagate = [handler], False
    ours.setLevel(logging.INFO)
    logging.getLogger("aiohttp").addHandler(logging.NullHandler())
    logging.getLogger("asyncio").addHandler(handler)


class ShortLines(logging.Formatter):
    """`2026-03-06T17:00:00.123Z warning: …`; the level is left out where it says nothing."""

    def format(self, record: logging.LogRecord) -> str:
        level = "" if record.levelno <= logging.INFO else f"{record.levelname.lower()}: "
        trace = f"\n{self.formatException(record.exc_info)}" if record.exc_info else ""
        return f"{wall_time_iso()} {level}{record.getMessage()}{trace}"


class JsonLines(logging.Formatter):
    """`{"at": …, "level": …, "logger": …, "message": …}`."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": wall_time_iso(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)

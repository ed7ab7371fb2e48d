"""What is said in the course of a run, before there is a report of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RemarkView:
    """Something said in the course of the run: a checkpoint, or a step that the provider refused."""

    at: int
    text: str
    refused: bool

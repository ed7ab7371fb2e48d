"""A webhook sender that behaves as Aurora Solar's does, on a clock that jumps."""

__version__ = "0.1.0"

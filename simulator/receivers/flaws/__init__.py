"""Flawed receivers: each is the robust one of its provider with a single piece got wrong, as happens in life.

A contract test of receivers is worth what it catches; these are what it must catch.
"""

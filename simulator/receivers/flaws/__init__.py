"""Flawed receivers: each is the robust one with a single piece got wrong, as people get it wrong in life.

A contract test of receivers is worth what it catches; these are what it must catch.
"""

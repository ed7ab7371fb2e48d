"""Pure values and pure functions: no clock, socket, database or framework is known here.

event -> filters -> delivery -> request -> outcome -> decision, and what each of them needs.
"""

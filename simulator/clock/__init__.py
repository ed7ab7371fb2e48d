"""The only time there is: virtual microseconds, the pace at which they pass, and what is due when.

Nothing is imported here on purpose: `pace` is wanted by programs that never start an event loop, and
`agenda` loads APScheduler, which costs more than the rest of the package together.
"""

"""Is this receiver ready for go-live? Checks that send real deliveries through the engine, and say what came of it.

    target, bench      what is tested, and who sends to it
    probe, answer      what the receiver knows, asked and made comparable
    plot, history      what happens in a tenant, and one way in which it arrives
    watch, repetition  a history carried out, and written down as a scenario
    check, checks/     one check, one function, registered with the sentence it enforces
    verify, matrix     all checks against one receiver; every check against every flawed sample receiver

A check never sends by hand: retries, lost answers, duplicates and outages are the engine's own.
"""

"""What an outage would cost, computed: the sender's policy run over what is due, without network.

    Course ── events, faults, resends ──► backlog ──► attempts on a wire in memory ──► decide ──► Foreseen
                                             ▲                                           │
                                             └──────────────────── retry ◄───────────────┘
    Course, once it has run ──► figures, load ──► Plan ──► text · document (JSON) · html

Policy is the domain's own (`decide`, `Health`, filters), and the faults are the wire's own; the order of one instant is
the engine's, attempt for attempt. No event loop, no clock: a month of a thousand events a day takes a moment. Where a
journal is handed in, the ledger's rows are written as the engine would write them.
"""

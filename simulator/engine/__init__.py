"""Where things happen: events become deliveries, due deliveries become attempts, outcomes become decisions.

    emit ──► dispatcher ──► pending ──► bell ──► courier ──► wire
                               ▲                                │
                               └── retry ◄── settlement ◄───────┘
                                                 └──► ledger

The engine is handed a profile, a clock, a wire and a ledger; it names no provider and owns no time, disk or network.
"""

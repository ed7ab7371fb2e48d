"""The simulator's own face: what programs, people at a terminal and the page do with a running simulation over HTTP.

    request ──► guard ──► refusals ──► operation ──► handler ──► simulation
                                           │
                                           └──► openapi.json: the same table, written down

    events deliveries resends clock faults subscriptions      what can be done
    catalogue snapshot stream report health metrics           what can be seen

It knows the engine and what is read back from the ledger. It knows no provider by name and no other face.
"""

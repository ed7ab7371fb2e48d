"""The only network: a request goes in, an outcome comes out.

    courier ──► FaultyWire ──► LiveWire ──► receiver         over sockets
                          └──► ScriptedWire                  in memory

    targets   which hosts may be reached at all     resolver  names become addresses, under the same rule
    live      one attempt over HTTP                 head      the bytes of a request
    reuse     which connections serve again         line      one of them: a request out, an answer in
    sender    the live wire of a profile            failure   what went wrong, in the field's own terms
    timed     the virtual instant in a header       reading   bodies, read up to a bound

Faults stand in front of the network and know nothing of it. Nothing here reads the virtual clock.
"""

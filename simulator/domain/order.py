"""What comes first at one virtual instant (R13).

Definition changes, then the outcomes of attempts that end there, then retries in due order, then new events, then
their first attempts. On a serial clock each of these is finished before the next begins.
"""

CHANGE = 0
OUTCOME = 1
RETRY = 2
EVENT = 3
FIRST = 4

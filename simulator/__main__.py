"""`python -m simulator` is `aurora-sim`."""

from simulator.cli import main

main()

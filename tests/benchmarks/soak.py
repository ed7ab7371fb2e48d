"""Goal 5: a simulator that delivers a million events is no larger in the end than after the first tenth of them.

In a process of its own, over real HTTP, every attempt recorded in a file. Run as a program it prints the resident
memory in kibibytes at each mark.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import sender
from pairs import Finding, Goal
from restart import resident

from simulator.cli.garbage import collect_rarely

MARKS = (0.1, 0.5, 1.0)
HERD = 4000  # events at one instant


async def measure(base: str, folder: Path, deliveries: int) -> list[Finding]:
    command = [sys.executable, __file__, base, str(folder / "soak.sqlite"), str(deliveries)]
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    output, _ = await process.communicate()
    assert process.returncode == 0, "the soak came to its end"
    first, middle, last = (int(word) / 1024 for word in output.split())
    return [
        Finding(
            f"memory after {deliveries:,} deliveries / after a tenth of them",
            f"{last:.0f} MiB",
            f"{first:.0f} MiB",
            last / first,
            Goal(most=1.1),
            note=f"{middle:.0f} MiB after half of them",
        )
    ]


async def soak(base: str, path: Path, deliveries: int) -> None:
    marks = [round(deliveries * mark) for mark in MARKS]
    async with sender.simulating(path) as simulation:
        sender.subscribe(simulation, base)
        done = 0
        for mark in marks:
            while done < mark:
                herd = min(HERD, mark - done)
                for number in range(done, done + herd):
                    sender.emit(simulation, number)
                await simulation.settled()
                done += herd
            assert simulation.tally.delivered == done, "every event is delivered"
            print(resident() // 1024, flush=True)


if __name__ == "__main__":
    collect_rarely()
    asyncio.run(soak(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])))

"""The virtual clock: an integer count of microseconds, a heap of timers, and a count of holds.

In come timers and holds ("work is under way"); out come timers that ring, each at exactly its instant. All modes are
this one clock at different paces. Work that outlives the callback it began in takes a hold and hands it on with the
work (to its queue item, thread or task): that one rule makes jumping safe.

Four promises hold in every pace. Time never moves back. It never overtakes the next timer: where the loop
is late, time slips, not the timer. One timer rings per pass of the loop, so that sockets are served between any
two; `SPELL` at most where work that waited for a socket hands over, and in real time of those that are late. While
a timer rings, time stands at its instant.
Where idle time passes at a finite rate, what slipped is owed and made up for as soon as nothing is due, so that
no number of timers makes virtual time drift behind real time; one real second is owed at most. A change of pace
or an advance ends the debt. Work that is under way sees no leap, unless time passes for it as it does while idle
(real time): else the debt waits until nothing is held.

The serial rule holds where the pace is serial (jump, and a paused clock that is being advanced): nothing
rings while anything is held, so that the instants of a run come strictly one after another.

May know the event loop and real time; knows nothing of what its timers are for.
"""

import asyncio
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from math import inf

from simulator.clock.failure import OnError, run_guarded
from simulator.clock.flow import Flow
from simulator.clock.pace import JUMP, Pace
from simulator.clock.timers import Timer, TimerQueue
from simulator.clock.waiters import Waiter, Waiters, settle
from simulator.clock.wakeup import Wakeup

__all__ = ["Clock", "Timer"]

SPELL = 32  # timers that ring at most in one pass of the loop, where it is more than one
LAST = sys.maxsize  # sorts after every other order


class Clock:
    """Virtual microseconds since the Unix epoch, beginning at `start`.

    `real` reads real seconds and must never go back. A clock may be made anywhere, but timers belong to the
    event loop that is running when they are set; no method may be called from another thread. Once closed,
    it raises RuntimeError to whoever sets a timer or waits for one.
    """

    def __init__(self, start: int = 0, pace: Pace = JUMP, real: Callable[[], float] = time.monotonic) -> None:
        self.on_error: OnError | None = None
        """Is given whatever a timer's function raises; without it, the loop's exception handler is."""
        self._flow = Flow(start, pace.idle, real, limit=self._limit)
        self._pace, self._skipping = pace, pace.skipping
        self._holds = 0
        self._queue = TimerQueue()
        self._walks: set[Timer] = set()
        self._waiters = Waiters()
        self._idlers: list[Waiter] = []
        self._wakeup = Wakeup(self._wake)
        self._hurried = 0
        self._ringing = False
        self._afterwards: list[Callable[[], None]] | None = None  # None where no timer rings just now
        self._closed = False

    # Reading

    def now(self) -> int:
        """The virtual instant."""
        return self._flow.base if self._ringing else self._flow.read()

    def next_due(self) -> int | None:
        """The instant of the next timer, None where there is none."""
        timer = self._queue.head()
        return timer.when if timer else None

    @property
    def holds(self) -> int:
        """How many pieces of work are under way."""
        return self._holds

    @property
    def pace(self) -> Pace:
        """The pace as it was set; an advance under way does not show in it."""
        return self._pace

    def set_pace(self, pace: Pace) -> None:
        """Go on at another pace from the present instant; what slipped at the former one is forgiven."""
        self._fold()
        self._flow.forgive()
        self._pace, self._skipping = pace, pace.skipping
        if self._ringing:  # the real time that the ring takes is time at the new pace already
            self._go_on()
        self._turn()

    # Timers

    def call_at(self, when: int, run: Callable[[], None], order: int = 0) -> Timer:
        """Run `run` at the virtual instant `when`; an instant in the past means the present one.

        At one instant the smaller `order` is first, then first in, first out (R13). Raises TypeError for a float.
        """
        return self._set(when, order, run)

    def after_ring(self, run: Callable[[], None]) -> bool:
        """Run `run` once when the timers of this pass have rung, before time goes on from there.

        For what is done for all of them together. False where no timer rings: it will not be run.
        """
        if self._afterwards is not None and run not in self._afterwards:
            self._afterwards.append(run)
        return self._afterwards is not None

    # Holds

    def hold(self) -> None:
        """Say that work is under way: time passes at the pace's busy rate until it is released."""
        self._holds += 1
        self._turn()

    def release(self) -> None:
        """Say that one piece of held work is done. Raises RuntimeError when nothing is held."""
        self._must_be_held()
        self._holds -= 1
        self._turn()

    def hand_over(self) -> None:
        """Release, and where time jumps then, ring at once: for work that has waited for a socket itself.

        What is next need not wait for the loop's next pass, but after `SPELL` rings it does.
        """
        if self._idlers or self._holds != 1 or not self._stride.serial or self._hurried == SPELL:
            self.release()
            return
        self._holds = 0
        self._hurried += 1
        self._fold()
        self._go_on()
        self._ring()

    @contextmanager
    def holding(self) -> Iterator[None]:
        self.hold()
        try:
            yield
        finally:
            self.release()

    async def idle(self) -> None:
        """Return once nothing is held and no timer is due at or before the present instant."""
        while not self._is_idle():
            self._must_be_open()
            with self._waiters.one() as idle:
                self._idlers.append(idle)
                await idle

    # Advancing

    async def advance_to(self, when: int) -> None:
        """Walk to the instant `when`, ringing every timer on the way and at that instant, and stand there.

        Idle time is skipped, held work is waited for, and the clock does not go past `when` before nothing is
        held; then, or when this is cancelled, the pace is again what it was set to. Held work must not await
        it. Raises ValueError for an instant in the past.
        """
        if when < self.now():
            raise ValueError(f"the clock stands at {self.now()} and cannot be advanced back to {when}")
        self._must_be_open()
        with self._waiters.one() as arrived:
            end = self._set(when, LAST, partial(settle, arrived), patient=True)
            self._walks.add(end)
            self._turn()
            try:
                await arrived
            finally:
                end.cancel()
                self._walks.discard(end)
                self._turn()

    async def advance(self, micros: int) -> None:
        """Walk `micros` virtual microseconds onwards, as `advance_to` does."""
        await self.advance_to(self.now() + micros)

    def close(self) -> None:
        """Ring no more, refuse further timers, and cancel whoever still waits for this clock."""
        self._closed = True
        self._wakeup.cancel()
        self._waiters.cancel()

    # Ringing

    def _set(self, when: int, order: int, run: Callable[[], None], *, patient: bool = False) -> Timer:
        self._must_be_open()
        if not isinstance(when, int):
            raise TypeError(f"an instant is a whole number of microseconds, not {when!r}")
        self._fold()
        timer = self._queue.push(max(when, self._flow.base), order, run, patient=patient)
        if self._queue.head() is timer and not (self._holds and self._stride.serial):  # else it waits for what is held
            self._turn()
        return timer

    @property
    def _stride(self) -> Pace:
        """The pace in force: while somebody advances the clock, idle time is skipped."""
        return self._skipping if self._walks else self._pace

    def _fold(self) -> None:
        if not self._ringing:  # while a timer rings, time stands at its instant
            self._flow.fold()

    def _turn(self) -> None:
        """Something has changed: fold, choose the rate, and plan exactly one real wake-up, or none."""
        if self._ringing:
            return  # the end of the ring turns, with everything that the timer has changed
        self._fold()
        self._go_on()
        while self._idlers and self._is_idle():
            settle(self._idlers.pop(0))  # before the ring is planned, so that they still see this instant
        if timer := self._ripe():
            gap = timer.when - self._flow.base
            self._wakeup.plan(self._flow.real_seconds(gap), pressing=gap == 0)
        else:
            self._wakeup.cancel()

    def _go_on(self) -> None:
        stride = self._stride
        rate, paying = (stride.busy, stride.steady) if self._holds else (stride.idle, True)
        self._flow.go_on(rate, allowance=stride.allowance, paying=paying)

    def _limit(self) -> int | None:
        return self._flow.base if self._ringing else self.next_due()

    def _ripe(self) -> Timer | None:
        """The next timer, unless it has to wait for what is held or rings no more."""
        timer = None if self._closed else self._queue.head()
        if timer and self._holds and (timer.patient or self._stride.serial):
            return None
        return timer

    def _wake(self) -> None:
        self._hurried = 0
        self._ring()

    def _ring(self) -> None:
        """Ring the next timer, in real time also those after it that are late; then what waits for the end of that."""
        self._wakeup.cancel()
        afterwards = self._afterwards = []
        rung = 1
        try:
            while self._ring_next() and self._stride.steady and rung < SPELL:
                rung += 1
            while afterwards:
                run_guarded(afterwards.pop(0), self.on_error, "what follows a ring")
        finally:
            self._afterwards = None
            self._begin_work()

    def _ring_next(self) -> bool:
        """Ring the next timer, if its instant has come; at an infinite rate it comes now. Whether one has rung."""
        self._ringing = False
        self._fold()
        timer = self._ripe()
        if timer and self._flow.rate == inf:
            self._flow.jump_to(timer.when)
        self._ringing = True
        if timer is None or timer.when != self._flow.base:
            return False
        self._queue.pop()
        run_guarded(timer.ring, self.on_error, "a timer of the clock")
        return True

    def _begin_work(self) -> None:
        """What the ring began takes its first step while time still stands, though it is charged for it."""
        if not self._holds or not self._stride.paces_work:
            self._end_ring()
            return
        if self._flow.rate != self._stride.busy:
            self._flow.fold()
            self._go_on()
        asyncio.get_running_loop().call_soon(self._end_ring)

    def _end_ring(self) -> None:
        self._ringing = False
        self._turn()

    def _must_be_open(self) -> None:
        if self._closed:
            raise RuntimeError("the clock is closed: nothing will ring any more")

    def _must_be_held(self) -> None:
        if not self._holds:
            raise RuntimeError("nothing holds the clock: it was released more often than it was held")

    def _is_idle(self) -> bool:
        due = self.next_due()
        return not self._holds and (due is None or due > self.now())

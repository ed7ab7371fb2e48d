"""`clock/deadline`: who is called off, and when, with one timer for all."""

import asyncio

import pytest
from patient_loop import passes, running_loop, without_waiting

from simulator.clock.deadline import Deadlines


async def work(deadlines: Deadlines, seconds: float) -> float:
    """Work for so long; the instant at which it was done, or given up."""
    try:
        with deadlines.begin():
            await asyncio.sleep(seconds)
    except TimeoutError:
        return -running_loop().time()
    return running_loop().time()


@without_waiting
async def test_work_that_is_done_in_time_is_left_alone() -> None:
    assert await work(Deadlines(2), 1.999) == 1.999


@without_waiting
async def test_work_is_called_off_exactly_when_its_time_is_up() -> None:
    assert await work(Deadlines(2), 2.001) == -2


@without_waiting
async def test_each_has_its_own_deadline_although_there_is_one_timer() -> None:
    deadlines = Deadlines(2)
    begun = []
    for seconds in (9, 0.5, 9, 1.9, 9):
        begun.append(asyncio.create_task(work(deadlines, seconds)))
        await asyncio.sleep(0.25)
    assert await asyncio.gather(*begun) == [-2, 0.75, -2.5, 2.65, -3]


@without_waiting
async def test_who_begins_after_a_rest_is_watched_as_well() -> None:
    deadlines = Deadlines(2)
    assert await work(deadlines, 1) == 1
    await asyncio.sleep(9)
    assert await work(deadlines, 9) == -12


@without_waiting
async def test_many_that_are_late_at_once_are_all_called_off() -> None:
    deadlines = Deadlines(2)
    assert set(await asyncio.gather(*(work(deadlines, 9) for _ in range(100)))) == {-2}


@without_waiting
async def test_a_cancellation_from_outside_stays_one_even_when_the_time_is_up() -> None:
    for patience in (1, 2, 3):
        task = asyncio.create_task(work(Deadlines(2), 9))
        running_loop().call_later(patience, task.cancel)
        await asyncio.wait([task])
        assert task.cancelled() is (patience <= 2)


@without_waiting
async def test_a_task_that_was_called_off_can_go_on_working() -> None:
    deadlines = Deadlines(2)
    assert [await work(deadlines, 3), await work(deadlines, 1)] == [-2, 3]
    task = asyncio.current_task()
    assert task is not None
    assert not task.cancelling()


@without_waiting
async def test_an_error_of_the_work_passes_and_its_deadline_is_forgotten() -> None:
    deadlines = Deadlines(2)
    with pytest.raises(KeyError), deadlines.begin():
        raise KeyError
    await asyncio.sleep(3)
    await passes()


@without_waiting
async def test_after_the_end_nobody_is_called_off() -> None:
    deadlines = Deadlines(2)
    task = asyncio.create_task(work(deadlines, 5))
    await passes()
    deadlines.close()
    assert await task == 5

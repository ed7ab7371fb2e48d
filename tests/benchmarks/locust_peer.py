"""Locust's FastHttpUser: reads a word, sends for a second, writes requests, seconds and processor seconds."""

# ruff: noqa: E402 - gevent patches before anything else is imported
from gevent import monkey

monkey.patch_all()

import logging
import sys
import time

import gevent
from locust import FastHttpUser, task
from locust.env import Environment

base, users = sys.argv[1], int(sys.argv[2])
logging.disable(logging.CRITICAL)
done = 0


class Sender(FastHttpUser):
    host = base
    network_timeout = connection_timeout = 10.0

    @task
    def send(self) -> None:
        global done  # noqa: PLW0603 - one counter for the whole process
        target = f"/in?project=project-{done}&agreement=agreement%20{done}&status=signed"
        with self.client.get(
            target, headers={"X-Token": "a-token-of-some-length"}, name="in", allow_redirects=False, catch_response=True
        ) as answer:
            assert answer.status_code == 204
        done += 1


for _ in sys.stdin:
    environment = Environment(user_classes=[Sender])
    runner = environment.create_local_runner()
    runner.start(users, spawn_rate=users)
    while done == 0:
        gevent.sleep(0.01)
    gevent.sleep(0.3)  # every user is at work
    done, real, cpu = 0, time.perf_counter(), time.process_time()
    gevent.sleep(1)
    line = f"{done} {time.perf_counter() - real} {time.process_time() - cpu}"
    runner.quit()
    done = 0
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()

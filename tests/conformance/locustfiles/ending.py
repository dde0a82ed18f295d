"""Beside every locustfile of this suite: ends the run on the master once the users are done.

Under Locust a worker that calls `runner.quit()` in a task takes with it what it has not reported
yet, and `-t` alone would make every run as long as a slow machine needs.  So the worker says with
its next report that it is done, the master quits when it has read that, and nothing is lost.
"""

import locust.runners
from gevent import spawn
from locust import events
from locust.exception import StopUser

locust.runners.WORKER_REPORT_INTERVAL = 0.2
MOST_RAISED = 10


class Ending:
    """The end of a run of so many users: each of them calls `done` once.

    A run in which so much is raised ends too, so that a fault does not load the machine for long.
    """

    def __init__(self, users=1):
        self.left = users
        self.runner = None
        self.raised = 0
        events.init.add_listener(self.listen)
        events.user_error.add_listener(self.count_error)

    def listen(self, environment, runner, **_):
        self.runner = runner
        if isinstance(runner, locust.runners.MasterRunner):
            environment.events.worker_report.add_listener(self.read)
        else:
            environment.events.report_to_master.add_listener(self.write)

    def write(self, data, **_):
        data["all_done"] = self.left <= 0

    def read(self, data, **_):
        if data.get("all_done") and self.runner is not None:
            runner, self.runner = self.runner, None
            spawn(runner.quit)

    def count_error(self, **_):
        self.raised += 1
        if self.raised > MOST_RAISED:
            self.left = 0

    def count(self):
        """One user less; this user goes on."""
        self.left -= 1

    def done(self):
        """One user less, namely this one."""
        self.count()
        raise StopUser

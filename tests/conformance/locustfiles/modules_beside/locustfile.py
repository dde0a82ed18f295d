"""Modules, a package and data beside the file, one of them called like one of Python's own."""

# /// conformance
# options = ["-u", "3", "-r", "100", "-t", "30s"]
# ///

import csv
import statistics
from pathlib import Path
from queue import Queue

from ending import Ending
from lib.accounts import Account
from lib.base import ShopUser
from locust import events, task

ending = Ending(users=3)
accounts = Queue()
with Path("accounts.csv").open(newline="") as file:
    for row in csv.DictReader(file):
        accounts.put(Account(**row))
print("SAYS accounts", accounts.qsize(), Path(__file__).parent == Path.cwd(), __name__)


@events.quit.add_listener
def on_quit(**_):
    statistics.summary()


class Someone(ShopUser):
    @task
    def ask(self):
        account = accounts.get()
        self.client.post("/login", data={"user": account.user, "password": account.password})
        self.look_around()
        ending.done()


if __name__ == "__main__":
    raise AssertionError("is imported, not run")

"""Reads `sys.argv` at import, as files do that want Locust's options before there is a parser."""

# /// conformance
# options = ["-u", "2", "-r", "100", "-t", "30s"]
# ///

import argparse
import os
import sys

from ending import Ending
from locust import HttpUser, task

parser = argparse.ArgumentParser(add_help=False)
parser.add_argument("-u", "--users", type=int)
parser.add_argument("-t", "--run-time")
parser.add_argument("-H", "--host")
parser.add_argument("-f", "--locustfile")
known, _ = parser.parse_known_args()
print("SAYS", known.users, known.run_time, known.host == os.environ["SERVER"], known.locustfile)
print("SAYS", "--headless" in sys.argv, os.path.basename(sys.argv[0]))
ending = Ending(users=known.users or 0)


class Someone(HttpUser):
    @task
    def ask(self):
        self.client.get("/ok")
        ending.done()

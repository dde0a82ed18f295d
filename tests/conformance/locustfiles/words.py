"""Everything a file says: print, stderr, loggers of its own, at import, in hooks, in tasks."""

# /// conformance
# options = ["-u", "2", "-r", "100", "-t", "30s"]
# ///

import logging
import sys

from ending import Ending
from locust import HttpUser, events, task

logging.basicConfig(level=logging.INFO)
logger = logging.getLogger("shop")
logger.setLevel(logging.DEBUG)
print("SAYS imported")
logging.info("SAYS logged at import")
logging.warning("SAYS warned at import")
ending = Ending(users=2)


@events.test_start.add_listener
def on_test_start(environment, **_):
    print("SAYS test_start printed", type(environment.runner).__bases__ != ())
    logging.info("SAYS test_start logged")


@events.quit.add_listener
def on_quit(exit_code, **_):
    print("SAYS ===== my summary =====")
    print(f"SAYS exit code {type(exit_code).__name__}", file=sys.stderr)


class Someone(HttpUser):
    @task
    def ask(self):
        answer = self.client.get("/ok")
        print("SAYS status", answer.status_code, "ünïcode ✓")
        print("no mark, SAYS in the middle\r")
        sys.stdout.write("SAYS without print\n")
        sys.stderr.write("SAYS on stderr\n")
        logger.debug("SAYS a debug line")
        logger.info("SAYS an info line")
        logging.getLogger(__name__).error("SAYS an error line", exc_info=ValueError("x"))
        ending.done()

"""What Python's logging writes, in a process whose output was taken."""

from __future__ import annotations

import subprocess
import sys

import pytest

from loadtui.store.log_lines import parse_line

PROGRAM = """
from loadtui.engine.process_output import OUTPUT
OUTPUT.take("host")
import logging
import locust.env, locust.log, locust.stats
locust.log.setup_logging("INFO")
from loadtui.engine import record_handler, untrusted
record_handler.take_records()

def by(module, name, level, words):
    record = logging.LogRecord(name, level, module.__file__, 1, words, (), None)
    logging.getLogger(name).handle(record)

by(locust.log, "locust.runners", logging.INFO, "two\\nlines")
by(locust.log, "locust.runners", logging.WARNING, "warned")
by(untrusted, "loadtui.engine", logging.WARNING, "remarked")
by(untrusted, "loadtui.engine", logging.ERROR, "broken")
by(untrusted, "root", logging.INFO, "for user code")
logging.info("own")
logging.getLogger("locust").info("own by Locust's logger")
logging.debug("not asked for")
try:
    raise ValueError("no")
except ValueError:
    logging.exception("failed")
locust.stats.print_stats(locust.env.Environment(user_classes=[]).stats)
last = " ".join(OUTPUT.last_lines())
assert "own by Locust's logger" in last and "ValueError: no" in last and "Aggregated" in last
assert "warned" not in last and "broken" not in last
"""
HUGE = """
from loadtui.engine.process_output import OUTPUT
OUTPUT.take("host")
import logging, tracemalloc
import locust.log
locust.log.setup_logging("INFO")
from loadtui.engine import record_handler
record_handler.take_records()
tracemalloc.start()
for number in range(8):
    logging.info("%d" + "x" * (16 << 20), number)
shown = locust.log.get_logs()
assert [len(text) for text in shown] == 8 * [record_handler.MOST_OF_A_RECORD]
assert shown[0].endswith("…")
held = tracemalloc.get_traced_memory()[0]
assert held < 16 << 20, held
"""


def test_of_long_records_none_is_held() -> None:
    """Locust has the last 500 for its web API, and the host those of all workers."""
    command = [sys.executable, "-c", HUGE]
    subprocess.run(command, stdout=subprocess.DEVNULL, timeout=60, check=True)


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, str]]:
    """(sign, text without time and host) of the log's lines."""
    log = tmp_path_factory.mktemp("log") / "host.log"
    with log.open("ab") as end:
        subprocess.run(
            [sys.executable, "-c", PROGRAM], stdout=end, stderr=end, timeout=60, check=True
        )
    found = [parse_line(line) for line in log.read_text().splitlines()]
    assert {line.process for line in found} == {"host"}
    return [(line.sign, line.text.partition("/")[2] or line.text) for line in found]


def test_records_are_printed_unless_they_are_only_for_the_log(
    lines: list[tuple[str, str]],
) -> None:
    assert lines[:11] == [
        (":", "INFO/locust.runners: two"),
        (":", "lines"),
        ("!", "WARNING/locust.runners: warned"),
        (":", "WARNING/loadtui.engine: remarked"),
        ("!", "ERROR/loadtui.engine: broken"),
        ("!", "INFO/root: for user code"),
        ("!", "INFO/root: own"),
        ("!", "INFO/locust: own by Locust's logger"),
        ("!", "ERROR/root: failed"),
        ("!", "Traceback (most recent call last):"),
        ("!", '  File "<string>", line 23, in <module>'),
    ]


def test_tables_that_user_code_asks_for_are_printed(lines: list[tuple[str, str]]) -> None:
    [table] = [(sign, text) for sign, text in lines if "Aggregated" in text]
    assert table[0] == "!"

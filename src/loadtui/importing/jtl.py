"""What a JMeter results file comes to, whichever way it is written.

A transaction controller adds samples that sum up others.  Where those are in the file the sum would
count them twice, and is left out; with "generate parent sample" a CSV has the sums alone, and they
stand for the requests that are not in it.  Import this module where it is used: it loads polars.
"""

from __future__ import annotations

from pathlib import Path

from loadtui.importing.jtl_samples import JtlSample, JtlSamples
from loadtui.importing.source import ImportSource

_TRANSACTION = "Number of samples in transaction"
_NEVER = -1


class JtlResults:
    def __init__(self, path: Path) -> None:
        self._samples = JtlSamples(path)
        self._last_start: dict[str, int] = {}
        """When the last request of each thread began."""
        self._sums = 0
        self._transactions = 0

    def add(self, sample: JtlSample, message: str, thread: str) -> None:
        """Take in a sample, in the order in which the samples of a thread ended."""
        if not is_transaction(message):
            self._last_start[thread] = sample.start_ms
        elif self._last_start.get(thread, _NEVER) >= sample.start_ms:
            self._sums += 1
            return
        else:
            self._transactions += 1
        self._samples.add(sample)

    def fill(self, source: ImportSource) -> None:
        """Give the source all that there is.  Raises UsageError as JtlSamples.fill."""
        self._samples.fill(source)
        source.note_presence(
            [
                ("every sample with its latency", True),
                ("failures by kind", True),
                ("when it began, and how long it took", True),
                ("users by second", source.users is not None),
                ("sizes", self._samples.sized),
                ("exceptions", False),
            ]
        )
        if self._sums:
            source.left_out.append(f"{self._sums} transactions, which sum up samples of the file")
        if self._transactions:
            source.remarks.append(
                f"{self._transactions} samples are transactions whose requests are not in the file"
            )
        source.left_out.append("of each sample the time to its first byte, of connecting and idle")
        source.remarks.append("latencies are whole milliseconds")


def is_transaction(message: str) -> bool:
    """Whether a sample with this response message only sums up others."""
    return message.startswith(_TRANSACTION)


def error_of(code: str, message: str, failed: str) -> str:
    """What is said of a failed sample: its response, and why an assertion did not hold."""
    response = " ".join(part for part in (code, message) if part and part != "null")
    return ": ".join(part for part in (response, failed.strip()) if part) or "failed"

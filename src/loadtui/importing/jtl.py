"""What a JMeter results file comes to, whichever way it is written.

A transaction controller adds samples that sum up others.  Counted with them they would count
requests twice, so they are left out, unless the file holds nothing else: with "generate parent
sample" a CSV has the transactions alone.  Import this module where it is used: it loads polars.
"""

from __future__ import annotations

from pathlib import Path

from loadtui.importing.jtl_samples import JtlSamples, Sample
from loadtui.importing.source import Source

_TRANSACTION = "Number of samples in transaction"


class Results:
    def __init__(self, path: Path) -> None:
        self._requests = JtlSamples(path)
        self._transactions = JtlSamples(path)

    def add(self, sample: Sample, *, transaction: bool) -> None:
        (self._transactions if transaction else self._requests).add(sample)

    def fill(self, source: Source) -> None:
        """Give the source all that there is.  Raises UsageError as JtlSamples.fill."""
        requests, transactions = self._requests, self._transactions
        chosen = requests if requests.count or not transactions.count else transactions
        chosen.fill(source)
        source.tell(
            [
                ("every request with its latency", chosen is requests),
                ("failures by kind", True),
                ("when it began, and how long it took", True),
                ("users by second", source.users is not None),
                ("sizes", chosen.sized),
                ("exceptions", False),
            ]
        )
        if chosen is transactions:
            source.remarks.append("each sample is a transaction, which sums up requests")
        elif transactions.count:
            source.left_out.append(
                f"{transactions.count} transactions, which sum up requests that are there"
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

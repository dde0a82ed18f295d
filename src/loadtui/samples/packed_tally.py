"""A tally that is only looked at now and then, in a tenth of the memory."""

from __future__ import annotations

from array import array

from loadtui.samples.tally import Tally

_LARGEST = 2**32 - 1


class PackedTally:
    """What `of` was given, as `unpacked` gives it back.

    A dictionary takes a hundred bytes and more for each bin of latencies, its counts included; two
    arrays take six.
    """

    __slots__ = ("_bins", "_counts", "_sums")

    def __init__(self, sums: tuple[int, ...], bins: array[int], counts: array[int]) -> None:
        self._sums = sums
        self._bins = bins
        self._counts = counts

    @classmethod
    def of(cls, tally: Tally) -> PackedTally:
        """The tally itself is left as it is."""
        sums = (
            tally.requests, tally.failures, tally.timed, tally.sum_us, tally.min_us, tally.max_us,
            tally.bytes,
        )  # fmt: skip
        most = max(tally.bins.values(), default=0)
        width = "I" if most <= _LARGEST else "Q"
        return cls(sums, array("H", tally.bins), array(width, tally.bins.values()))

    def unpacked(self) -> Tally:
        tally = Tally()
        (
            tally.requests, tally.failures, tally.timed, tally.sum_us, tally.min_us, tally.max_us,
            tally.bytes,
        ) = self._sums  # fmt: skip
        tally.bins = dict(zip(self._bins, self._counts, strict=True))
        return tally

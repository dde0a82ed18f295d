"""A trend's values in little memory, while they are only looked at now and then."""

from __future__ import annotations

from array import array

from loadtui.samples.tallies import BinValues, MetricTally


class PackedMetric:
    """What `of` was given, as `unpacked` gives it back; in a fifth of the memory."""

    __slots__ = ("_bins", "_counts", "_numbers", "_sums")

    def __init__(
        self, sums: tuple[int, int], bins: array[int], counts: array[int], numbers: array[float]
    ) -> None:
        self._sums = sums
        self._bins = bins
        self._counts = counts
        self._numbers = numbers
        """Of each bin its total, and its least and largest value."""

    @classmethod
    def of(cls, tally: MetricTally) -> PackedMetric:
        """The tally itself is left as it is."""
        numbers = array("d")
        for values in tally.bins.values():
            numbers.extend((values.total, values.least, values.most))
        counts = array("q", [values.count for values in tally.bins.values()])
        return cls((tally.count, tally.hits), array("q", tally.bins), counts, numbers)

    def unpacked(self) -> MetricTally:
        tally = MetricTally()
        tally.count, tally.hits = self._sums
        of_bins = zip(*[iter(self._numbers)] * 3, strict=True)
        for bin_, count, numbers in zip(self._bins, self._counts, of_bins, strict=True):
            tally.bins[bin_] = BinValues(count, *numbers)
        return tally

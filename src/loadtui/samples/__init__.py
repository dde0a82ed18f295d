"""The numbers: latency bins, tallies of requests, deltas, and the schemas of the tables."""

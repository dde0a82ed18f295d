"""What host and workers both need of Locust: locustfiles, options, environment, listeners."""

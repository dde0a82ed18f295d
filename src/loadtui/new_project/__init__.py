"""What a new load test starts from: a description of a service, or requests to it, read and
written as a locustfile and a plan."""

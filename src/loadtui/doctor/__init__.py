"""What would spoil a measurement on this machine, and how to mend it: checks, a self-test."""

"""The embedded target, three small services of an AI stack, and the guided first run."""

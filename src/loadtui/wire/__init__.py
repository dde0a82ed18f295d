"""What the run host and its viewers say to each other, over a socket in the run folder."""

"""Not Python's."""


def summary():
    print("SAYS a summary of one's own")

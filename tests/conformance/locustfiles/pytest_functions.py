"""A file of pytest's functions and no user class: each function is a user."""

# /// conformance
# options = ["-u", "2", "-r", "100", "-t", "2s"]
# requests = "names"
# server = "paths"
# says = "lines"
# ///

import time


def test_with_session(session):
    session.get("/ok")
    answer = session.post("/json", json={"a": 1})
    print("SAYS session", answer.status_code)
    time.sleep(0.3)


def test_with_fast_session(fastsession):
    answer = fastsession.get("/fast")
    print("SAYS fast", answer.status_code)
    time.sleep(0.3)
    assert answer.text == "something else"

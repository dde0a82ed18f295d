"""The self-test's target: one answer a request, however they come."""

from __future__ import annotations

import os
import socket
import threading

from loadtui.doctor.self_test_target import ANSWER, answers_in, serve

GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


def test_requests_are_counted_by_their_ends() -> None:
    assert [answers_in(GET), answers_in(GET * 3), answers_in(GET[:-2])] == [1, 3, 0]


def test_it_answers_each_and_ends_with_its_descriptor() -> None:
    until, end = os.pipe()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = threading.Thread(target=serve, args=(listener, until, 20.0))
        server.start()
        address = listener.getsockname()
        with (
            socket.create_connection(address, 5) as first,
            socket.create_connection(address, 5) as two,
        ):
            two.close()
            for requests in (1, 2):
                first.sendall(GET * requests)
                got = b""
                while len(got) < requests * len(ANSWER):
                    got += first.recv(4096)
                assert got == ANSWER * requests
        os.close(end)
        server.join(10)
        assert not server.is_alive()
    os.close(until)


def test_it_ends_by_itself() -> None:
    until, end = os.pipe()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        serve(listener, until, 0.0)
    os.close(until)
    os.close(end)

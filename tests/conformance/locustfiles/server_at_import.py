"""Opens a server on a fixed port at import, as for Prometheus or a callback, and uses it."""

# /// conformance
# options = ["-u", "1", "-t", "30s"]
# ///

import os
import socket

from ending import Ending
from locust import HttpUser, task

listening = socket.socket()
listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listening.bind(("127.0.0.1", int(os.environ["FREE_PORT"])))
listening.listen()
print("SAYS serving")
ending = Ending()


class Someone(HttpUser):
    @task
    def ask(self):
        with socket.create_connection(listening.getsockname()):
            connection, _ = listening.accept()
            connection.close()
        print("SAYS answered itself")
        self.client.get("/ok")
        ending.done()

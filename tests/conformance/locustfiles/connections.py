"""Connections shared by users, and several requests of a user at once, in greenlets of its own."""

# /// conformance
# options = ["-u", "4", "-r", "100", "-t", "30s"]
# ///

import gevent
import urllib3
from ending import Ending
from gevent.pool import Pool
from geventhttpclient.client import HTTPClientPool
from locust import FastHttpUser, HttpUser, task

ending = Ending(users=4)


class Slow(HttpUser):
    fixed_count = 2
    pool_manager = urllib3.PoolManager(maxsize=10, block=True)

    @task
    def ask(self):
        pool = Pool(3)
        for number in range(6):
            pool.spawn(self.client.get, f"/part/{number}", name="/part")
        pool.join()
        ending.done()


class Fast(FastHttpUser):
    fixed_count = 2
    client_pool = HTTPClientPool(concurrency=10)

    @task
    def ask(self):
        jobs = [gevent.spawn(self.client.get, "/asset", headers={"X-N": str(n)}) for n in range(4)]
        gevent.joinall(jobs)
        print("SAYS", [job.value.status_code for job in jobs])
        ending.done()

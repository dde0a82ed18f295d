"""Locust's own options in `parsed_options`, in master and worker; pages only with a web UI."""

# /// conformance
# options = ["-u", "2", "-r", "5", "-t", "1m30s", "-s", "3"]
# ///

from ending import Ending
from locust import HttpUser, events, task
from locust.runners import MasterRunner

ending = Ending(users=2)


@events.init.add_listener
def on_init(environment, web_ui, **_):
    options = environment.parsed_options
    if not options.headless and not options.worker:
        environment.web_ui.app.add_url_rule("/more", "more", lambda: "more")
    print("SAYS", options.headless, web_ui)
    print("SAYS", options.num_users, options.spawn_rate, options.autostart)
    print("SAYS", options.host == environment.host, options.stop_timeout, environment.stop_timeout)
    print("SAYS", options.tags, options.exclude_tags, options.reset_stats, options.loglevel)
    print("SAYS", options.locustfile, environment.locustfile, environment.shape_class)
    if isinstance(environment.runner, MasterRunner):
        print("SAYS", options.run_time, options.processes, options.expect_workers, options.master)
    else:
        print("SAYS", options.worker)


class Someone(HttpUser):
    @task
    def ask(self):
        self.client.get("/ok")
        ending.done()

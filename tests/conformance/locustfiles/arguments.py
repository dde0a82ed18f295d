"""Arguments of its own: typed, choices, flag, list, default, variable; one is required."""

# /// conformance
# options = ["-u", "1", "-t", "30s"]
# own = ["--count", "3", "--think=0.5", "--loud", "--mode=read", "-i", "1", "2", "-n", "acme"]
# env = {OWN_TOKEN = "t-7"}
# ///

from ending import Ending
from locust import HttpUser, events, task

ending = Ending()


@events.init_command_line_parser.add_listener
def add_arguments(parser):
    parser.add_argument("--count", type=int, default=1, help="How many")
    parser.add_argument("--think", type=float, env_var="OWN_THINK", default=1.5)
    parser.add_argument("--token", type=str, env_var="OWN_TOKEN", default="", is_secret=True)
    parser.add_argument("--loud", action="store_true")
    parser.add_argument("--mode", choices=["read", "write"], default="write")
    parser.add_argument("--ids", "-i", nargs="+", type=int, default=[])
    parser.add_argument("--tenant", "-n", required=True, dest="tenant_name", metavar="NAME")
    parser.add_argument("--unset", include_in_web_ui=False)


@events.test_start.add_listener
def on_test_start(environment, **_):
    options = environment.parsed_options
    print("SAYS", options.count, options.think, options.token, options.unset, options.ids)


class Someone(HttpUser):
    @task
    def ask(self):
        options = self.environment.parsed_options
        for number in range(options.count):
            self.client.get(f"/{options.tenant_name}/{number}", headers={"X-Token": options.token})
        print("SAYS in the user", options.loud, options.mode)
        ending.done()

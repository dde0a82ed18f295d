"""Some twenty kinds of secrets that stand wherever they can, and a search for them."""

from __future__ import annotations

import base64
import contextlib
import io
import os
import tarfile
from collections.abc import Container, Iterable, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import quote, quote_plus

import polars as pl

from tests.support.command import Write
from tests.support.github_server import TOKEN

KNOWN = {
    "plan argument named so": "canary-plan-named-1",
    "plan argument declared secret": "canary-plan-declared-2",
    "plan argument from the environment": "canary-plan-variable-3",
    "value typed for a name": "canary-typed-named-4",
    "typed option declared secret": "canary-typed-declared-5",
    "option of locust.conf": "canary-conf-6",
    "option with a variable of its own": "canary-env-var-7",
    "option with a default": "canary-default-8",
    "variable": "canary-variable-9",
    "variable set at import": "canary-late-10",
    "variable with characters to be encoded": "canary/11+&=% \"x'",
    "line of a private key": "canaryPrivateKeyLine12",
    "password of the base URL": "canary-base-13",
    "password of a database": "canary-database-14",
    "token of GitHub": TOKEN,
}
"""Found by their values; the others by what stands around them."""
HEADERS = {
    "Authorization": "Bearer canary-bearer-16",
    "Proxy-Authorization": f"Basic {base64.b64encode(b'joe:canary-proxy-17').decode()}",
    "Cookie": "sid=canary-cookie-18; theme=dark",
    "X-Api-Key": "canary-header-19",
}
SET_COOKIE = "canary-set-cookie-20"
PARAMETER = "canary-parameter-21"
USER_OF_URL = "canary-user-22"
TYPED = [
    *("--shop-token", KNOWN["value typed for a name"]),
    f"--till={KNOWN['typed option declared secret']}",
]
ENVIRONMENT = {
    "PLAN_VALUE": KNOWN["plan argument from the environment"],
    "SHOP_OWN": KNOWN["option with a variable of its own"],
    "SHOP_PASSWORD": KNOWN["variable"],
    "SHOP_SECRET": KNOWN["variable with characters to be encoded"],
    "SIGNING_KEY": f"-----BEGIN KEY-----\n{KNOWN['line of a private key']}\n-----END KEY-----\n",
    "DATABASE_URL": f"postgres://shop:{KNOWN['password of a database']}@db/shop",
    "GH_TOKEN": KNOWN["token of GitHub"],
    "SHOP_AUTH_MODE": "ordinary",
}
CONF = f"conf-credential = {KNOWN['option of locust.conf']}\n"
PLAN = """
locustfile = "shop.py"
host = "{host}"
args = {{ db_password = "{named}", pin = "{declared}", api_key = "${{PLAN_VALUE}}" }}
[[stage]]
name = "only"
users = 4
spawn_rate = 4
duration = "{duration}"
"""
LOCUSTFILE = """
    import base64, logging, os, sys
    from urllib.parse import quote

    from locust import FastHttpUser, HttpUser, constant, events
    from loadtui.metrics import Counter

    KNOWN = {known!r}
    HEADERS = {headers!r}
    os.environ["LATE_TOKEN"] = "canary-late-10"

    @events.init_command_line_parser.add_listener
    def _(parser):
        for name in ("db-password", "api-key", "shop-token", "conf-credential"):
            parser.add_argument(f"--{{name}}", default="")
        for name in ("pin", "till"):
            parser.add_argument(f"--{{name}}", is_secret=True, default="")
        parser.add_argument("--own", is_secret=True, env_var="SHOP_OWN", default="")
        parser.add_argument("--preset", is_secret=True, default="canary-default-8")

    def texts():
        yield f"https://canary-user-22:x@host/ {{HEADERS}}"
        for text in KNOWN:
            yield text
            yield quote(text, safe="")
            yield base64.b64encode(f"joe:{{text}}".encode()).decode()
        for name, value in HEADERS.items():
            yield f"{{name}}: {{value}}"

    ALL = " | ".join(texts())

    def talk(where):
        print("PRINTED", where, end=" ")
        print(ALL)
        print("COMPLAINED", where, ALL, file=sys.stderr)
        logging.getLogger("locust.user").error("LOGGED %s %s", where, ALL)

    @events.init.add_listener
    def _(environment, **_):
        talk("init")

    @events.test_start.add_listener
    def _(environment, **_):
        environment.stats.log_error("HOST", f"/of/{{KNOWN[0]}}", ALL)
        raise ValueError("LISTENER " + ALL)

    class Told(Exception):
        pass

    def everything(user):
        client = user.client
        with client.get("/bad?access_token=canary-parameter-21", headers=HEADERS,
                        catch_response=True) as response:
            sent = dict(response.request.headers)
            response.failure(f"TOLD {{ALL}} sent {{sent}} got {{dict(response.headers)}}")
        client.get("/bad?access_token=canary-parameter-21", name="/bad")
        client.get("/bad", name=f"/named/{{KNOWN[8]}}")
        user.environment.events.request.fire(
            request_type="ODD", name=f"/odd/{{KNOWN[9]}}", response_time=KNOWN[1],
            response_length=0, exception=None, context={{}})
        Counter(f"sold {{KNOWN[2]}}").add(1)
        raise Told("RAISED " + ALL)

    class Fast(FastHttpUser):
        wait_time, tasks = constant(0.2), [everything]

        def on_start(self):
            talk("on_start")

    class Stock(HttpUser):
        wait_time, tasks = constant(0.2), [everything]
"""


OURS = ("shop.py", "shop.toml", "locust.conf")


class RefusingShop(BaseHTTPRequestHandler):
    """Refuses, and says what it was sent."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        body = f"no: {dict(self.headers)}".encode()
        self.send_response(500, f"not for {self.headers.get('Authorization')}")
        self.send_header("Set-Cookie", f"sid={SET_COOKIE}; Path=/; HttpOnly")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None: ...


def canaries() -> dict[str, list[bytes]]:
    """Kind -> forms that must not be found."""
    values = KNOWN | {
        "Authorization": "canary-bearer-16",
        "Proxy-Authorization": "canary-proxy-17",
        "Cookie": "canary-cookie-18",
        "X-Api-Key": "canary-header-19",
        "Set-Cookie": SET_COOKIE,
        "parameter": PARAMETER,
        "user of a URL": USER_OF_URL,
        "typed option of another type": "canary-typed-card-23",
    }
    forms = {
        kind: [value, quote(value), quote(value, safe=""), quote_plus(value)]
        for kind, value in values.items()
    }
    for kind, value in KNOWN.items():
        data = value.encode()
        forms[kind] += [
            base64.b64encode(b"x" * shift + data).decode()[4 : (shift + len(data)) // 3 * 4]
            for shift in (0, 1, 2)
        ]
    forms["Proxy-Authorization"].append(base64.b64encode(b"joe:canary-proxy-17").decode())
    return {kind: [form.encode() for form in some] for kind, some in forms.items()}


def found(data: bytes, unknown: Container[str]) -> list[str]:
    """The kinds whose canaries stand in there, with what stands around them."""
    return [
        f"{kind}: {data[max(0, at - 60) : at + 60]!r}"
        for kind, forms in canaries().items()
        if kind not in unknown
        if (at := max(data.find(form) for form in forms)) >= 0
    ]


def leaks(texts: Iterable[tuple[str, bytes]], unknown: Container[str] = ()) -> str:
    """What was found in which text, but for what the test itself has written; `unknown` are kinds
    of which nobody can know."""
    return "\n".join(
        f"{name}: {what}"
        for name, data in texts
        if name not in OURS and "__pycache__" not in name
        for what in found(data, unknown)
    )


def written(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Name and contents of every file below a folder, unpacked."""
    for path in folder.rglob("*"):
        with contextlib.suppress(FileNotFoundError):  # a run makes and removes them
            if not path.is_file():
                continue
            yield from _unpacked(str(path.relative_to(folder)), path.read_bytes())


def _unpacked(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    yield name, data
    if data.startswith(b"PAR1"):
        yield name, repr(pl.read_parquet(data).to_dicts()).encode()
    try:
        with tarfile.open(fileobj=io.BytesIO(data)) as archive:
            for member in archive.getmembers():
                if file := archive.extractfile(member):
                    yield from _unpacked(f"{name}:{member.name}", file.read())
    except tarfile.TarError:
        pass


def seen_in_ps(state: Path, but: int) -> bytes:
    """The command lines of the processes that have this folder of state, but that of this id; and
    what in their environments is not in ours."""
    lines = []
    ours = {os.fsencode(f"{name}={value}") for name, value in os.environ.items()}
    for process in Path("/proc").iterdir():
        if process.name.isdigit() and int(process.name) != but:
            with contextlib.suppress(OSError):
                environ = (process / "environ").read_bytes()
                if f"{state}\0".encode() in environ:
                    lines.append((process / "cmdline").read_bytes())
                    lines += set(environ.split(b"\0")) - ours
    assert len(lines) >= 2, "host and worker"
    return b"\n".join(lines)


def plan_of(write: Write, host: str, duration: str) -> str:
    known = {"named": "plan argument named so", "declared": "plan argument declared secret"}
    values = {name: KNOWN[kind] for name, kind in known.items()}
    return write(PLAN.format(host=f"http://{host}", duration=duration, **values), "shop.toml")

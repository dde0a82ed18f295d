"""A server that answers as GitHub's documentation says its REST API does, as far as issues go."""

from __future__ import annotations

import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlencode, urlsplit

TOKEN = "ghp_secretsecretsecret"
REPOSITORY = "octo/shop"
COMMENTS = 1000
"""An issue has fewer."""


class Refusal(NamedTuple):
    """An answer given instead of the right one, to the next request that fits."""

    method: str
    path: str
    """Regular expression, of the whole path."""
    status: int
    body: bytes = b'{"message": "no"}'
    headers: tuple[tuple[str, str], ...] = ()
    after: bool = False
    """True: what was asked is done all the same, as when a gateway loses the answer."""


class GitHub:
    """`with GitHub() as github:`, with the state of one repository in its attributes."""

    def __init__(self, *, page: int = 100) -> None:
        self.page = page
        self.issues: list[dict[str, Any]] = []
        self.labels: list[dict[str, Any]] = []
        self.comments: dict[int, list[str]] = {}
        self.strangers: set[tuple[int, int]] = set()
        """(issue, which of its comments) that somebody else wrote."""
        self.refusals: list[Refusal] = []
        self.asked: list[str] = []
        self.barrier: threading.Barrier | None = None
        """Requests that open an issue wait for each other here."""
        self.lock = threading.Lock()

    def __enter__(self) -> GitHub:
        handler = type("Handler", (_Handler,), {"github": self})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def environ(self) -> dict[str, str]:
        return {
            "GITHUB_TOKEN": TOKEN,
            "GITHUB_API_URL": self.url,
            "GITHUB_REPOSITORY": REPOSITORY,
        }

    def open_issues(self) -> list[dict[str, Any]]:
        return [issue for issue in self.issues if issue["state"] == "open"]

    def refuse(self, method: str, path: str, status: int, *args: Any, **kwargs: Any) -> None:
        self.refusals.append(Refusal(method, path, status, *args, **kwargs))

    def add_issue(self, title: str, body: str, labels: list[str]) -> dict[str, Any]:
        number = len(self.issues) + 1
        base = f"{self.url}/repos/{REPOSITORY}/issues/{number}"
        issue = {
            "number": number,
            "url": base,
            "html_url": f"https://github.com/{REPOSITORY}/issues/{number}",
            "title": title,
            "body": body,
            "state": "open",
            "state_reason": None,
            "labels": [{"name": label, "color": "ededed"} for label in labels],
            "created_at": f"2026-01-01T00:{number // 60:02d}:{number % 60:02d}Z",
        }
        self.issues.append(issue)
        self.comments[number] = []
        return issue


class _Handler(BaseHTTPRequestHandler):
    github: GitHub
    protocol_version = "HTTP/1.1"
    wbufsize = 65_536  # Head and body in one segment: apart they wait for each other's ACK.

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        self._answer("GET")

    def do_POST(self) -> None:
        self._answer("POST")

    def do_PATCH(self) -> None:
        self._answer("PATCH")

    def _answer(self, method: str) -> None:
        parts = urlsplit(self.path)
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        length = int(self.headers.get("Content-Length") or 0)
        sent = json.loads(self.rfile.read(length) or b"{}")
        github = self.github
        barrier = github.barrier
        if barrier and method == "POST" and parts.path.endswith("/issues"):
            barrier.wait(10)
        with github.lock:
            github.asked.append(f"{method} {parts.path}")
            refusal = self._refusal(method, parts.path)
            if refusal is not None and not refusal.after:
                return self._send(refusal.status, refusal.body, dict(refusal.headers))
            if self.headers.get("Authorization") not in (f"token {TOKEN}", f"Bearer {TOKEN}"):
                return self._json(401, {"message": "Bad credentials"})
            status, answer, headers = self._do(method, parts.path, query, sent)
            if refusal is not None:
                return self._send(refusal.status, refusal.body, dict(refusal.headers))
            return self._json(status, answer, headers)

    def _refusal(self, method: str, path: str) -> Refusal | None:
        for refusal in self.github.refusals:
            if refusal.method == method and re.fullmatch(refusal.path, path):
                self.github.refusals.remove(refusal)
                return refusal
        return None

    def _do(
        self, method: str, path: str, query: dict[str, str], sent: dict[str, Any]
    ) -> tuple[int, Any, dict[str, str]]:
        github, base = self.github, f"/repos/{REPOSITORY}"
        if path == "/user":
            return 403, {"message": "Resource not accessible by integration"}, {}
        if not path.startswith(base):
            return 404, {"message": "Not Found"}, {}
        match method, path.removeprefix(base).strip("/").split("/"):
            case "GET", ["issues"]:
                wanted = set(filter(None, query.get("labels", "").split(",")))
                found = [
                    issue
                    for issue in github.issues
                    if issue["state"] == query.get("state", "open")
                    and wanted <= {label["name"] for label in issue["labels"]}
                ]
                return self._paged(path, query, found)
            case "POST", ["issues"]:
                return 201, github.add_issue(sent["title"], sent["body"], sent["labels"]), {}
            case "GET", ["issues", number]:
                return 200, github.issues[int(number) - 1], {}
            case "PATCH", ["issues", number]:
                github.issues[int(number) - 1].update(sent)
                return 200, github.issues[int(number) - 1], {}
            case "GET", ["issues", number, "comments"]:
                count = len(github.comments[int(number)])
                return self._paged(
                    path, query, [self._comment(int(number), n) for n in range(count)]
                )
            case "POST", ["issues", number, "comments"]:
                github.comments[int(number)].append(sent["body"])
                return 201, self._comment(int(number), len(github.comments[int(number)]) - 1), {}
            case "PATCH", ["issues", "comments", identity]:
                issue, which = divmod(int(identity), COMMENTS)
                github.comments[issue][which] = sent["body"]
                return 200, self._comment(issue, which), {}
            case "POST", ["issues", number, "labels"]:
                names = sent["labels"] if isinstance(sent, dict) else sent
                labels = github.issues[int(number) - 1]["labels"]
                labels += [{"name": name, "color": "ededed"} for name in names]
                return 200, labels, {}
            case "GET", ["labels"]:
                return self._paged(path, query, github.labels)
            case "POST", ["labels"]:
                if any(label["name"] == sent["name"] for label in github.labels):
                    errors = [{"resource": "Label", "code": "already_exists", "field": "name"}]
                    return 422, {"message": "Validation Failed", "errors": errors}, {}
                github.labels.append(sent)
                return 201, sent, {}
        return 404, {"message": "Not Found"}, {}

    def _comment(self, issue: int, which: int) -> dict[str, Any]:
        identity = issue * COMMENTS + which
        stranger = (issue, which) in self.github.strangers
        return {
            "id": identity,
            "url": f"{self.github.url}/repos/{REPOSITORY}/issues/comments/{identity}",
            "html_url": f"https://github.com/{REPOSITORY}/pull/{issue}#issuecomment-{identity}",
            "body": self.github.comments[issue][which],
            "user": {
                "login": "somebody" if stranger else "github-actions[bot]",
                "type": "User" if stranger else "Bot",
            },
        }

    def _paged(
        self, path: str, query: dict[str, str], found: list[Any]
    ) -> tuple[int, Any, dict[str, str]]:
        size = min(int(query.get("per_page", 30)), self.github.page)
        number = int(query.get("page", 1))
        headers = {}
        if number * size < len(found):
            following = urlencode({**query, "page": number + 1})
            headers["Link"] = f'<{self.github.url}{path}?{following}>; rel="next"'
        return 200, found[(number - 1) * size : number * size], headers

    def _json(self, status: int, answer: Any, headers: dict[str, str] | None = None) -> None:
        head = {"Content-Type": "application/json; charset=utf-8", **(headers or {})}
        self._send(status, json.dumps(answer).encode(), head)

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

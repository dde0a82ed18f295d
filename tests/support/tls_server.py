"""An HTTPS server in this process, which Locust has patched, and a certificate for it."""

from __future__ import annotations

import ssl
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

from gevent.pywsgi import WSGIServer

from tests.support.tools import need_tool


class Certificate(NamedTuple):
    """Files in PEM."""

    certificate: Path
    key: Path


def self_signed(folder: Path) -> Certificate:
    """A certificate for localhost that nobody vouches for."""
    made = Certificate(folder / "certificate.pem", folder / "key.pem")
    subprocess.run(
        [
            *(need_tool("openssl"), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-keyout", made.key, "-out", made.certificate, "-subj", "/CN=localhost"),
            *("-addext", "subjectAltName=DNS:localhost"),
        ],
        check=True,
        capture_output=True,
    )
    return made


class TlsServer:
    """Answers every request with its path."""

    def __init__(self, certificate: Certificate) -> None:
        self.names: set[str] = set()
        """The server names that clients have asked for."""
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate.certificate, certificate.key)
        context.sni_callback = lambda _socket, name, _context: self.names.add(name or "")
        self._server = WSGIServer(
            ("127.0.0.1", 0), self._answer, ssl_context=context, log=None, error_log=None
        )

    @staticmethod
    def _answer(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        environ["wsgi.input"].read()
        body = environ["PATH_INFO"].encode("latin-1")
        # a Date of its own, since the server's may differ from one client's exchange to the other's
        headers = [("Content-Length", str(len(body))), ("Date", "Mon, 01 Jan 2024 00:00:00 GMT")]
        start_response("200 OK", headers)
        return [body]

    def __enter__(self) -> Self:
        self._server.start()
        self.url = f"https://localhost:{self._server.server_port}"
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.stop(timeout=1)

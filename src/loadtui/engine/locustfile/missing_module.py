"""What to do when a locustfile imports a module that is not there: install it, or say where the
project has it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

DISTRIBUTIONS = {
    "attr": "attrs", "bs4": "beautifulsoup4", "confluent_kafka": "confluent-kafka",
    "Crypto": "pycryptodome", "cv2": "opencv-python-headless", "dateutil": "python-dateutil",
    "dotenv": "python-dotenv", "fitz": "PyMuPDF", "git": "GitPython", "google.protobuf": "protobuf",
    "grpc": "grpcio", "jose": "python-jose", "jwt": "PyJWT", "kafka": "kafka-python",
    "ldap": "python-ldap", "magic": "python-magic", "MySQLdb": "mysqlclient",
    "OpenSSL": "pyOpenSSL", "paho": "paho-mqtt", "PIL": "pillow", "psycopg2": "psycopg2-binary",
    "serial": "pyserial", "sklearn": "scikit-learn", "slugify": "python-slugify",
    "socketio": "python-socketio", "websocket": "websocket-client", "yaml": "PyYAML",
    "zmq": "pyzmq",
}  # fmt: skip
"""Module -> what it is called in the package index, where that is another name."""
OWN_NAMES = """
    api app apps auth base classes client clients common conf config configs configuration const
    constants core data env environment fixtures flows functions generators helper helpers
    journeys lib libs load load_test load_testing load_tests loadtest loadtests locustfile
    locustfiles logger mocks model models modules perf performance resources scenario scenarios
    scripts services settings setup shapes shared src steps task tasks tasksets test testdata tests
    tools user users util utilities utils
    """.split()  # noqa: SIM905
"""Names that projects give to folders and files of their own; what the index has under them is
hardly ever meant."""
REQUIREMENTS = ("requirements*.txt", "requirements/*.txt", "requirements*.in")
_MOST_FOLDERS = 2_000
_LEFT_OUT = {"node_modules", "site-packages", "venv", "env", "build", "dist", "__pycache__"}


def missing_module(name: str, locustfile: Path, here: Path) -> str:
    """`is missing, pip install X ...`: the rest of a sentence whose subject is the module.

    `here` is the folder in which Python looks too, beside that of the locustfile.
    """
    top, _, below = name.partition(".")
    beside = next((f for f in (locustfile.parent, here) if (f / top).is_dir()), None)
    if below and beside is not None:
        return f"is missing: there is no such file in {_shown(beside / top, here)}/"
    root = _root(locustfile.parent, here)
    found = next(_places(top, root), None)
    if found is not None:
        place = f"{_shown(found, here)}/"
        return (
            f"is the project's own, but {_kind(found, top)} is not beside it: it is in {place}; "
            f"give the command there, or set PYTHONPATH={_shown(found, here)}"
        )
    if top in OWN_NAMES:
        return (
            f"is missing: {top}/ (or {top}.py) is not beside it, nor elsewhere in the project; "
            "put it there, or set PYTHONPATH to the folder that has it"
        )
    distribution = DISTRIBUTIONS.get(name) or DISTRIBUTIONS.get(top) or _distribution(name)
    return (
        f"is missing, install it into the environment that loadtui runs in: pip install "
        f"{_requirements(distribution, locustfile.parent, root, here) or distribution}"
    )


def _distribution(name: str) -> str:
    """Packages under a name that several share are named by all of it, as google-cloud-storage."""
    parts = name.split(".")
    shared = {"google": 3, "azure": 3, "opentelemetry": 2}.get(parts[0], 1)
    return "-".join(parts[:shared])


def _requirements(distribution: str, folder: Path, root: Path, here: Path) -> str:
    """`-r FILE` for a file of the project that asks for this distribution."""
    wanted = re.compile(rf"^\s*{re.sub('[-_.]+', '[-_.]+', distribution)}(?![\w.-])", re.I | re.M)
    for place in dict.fromkeys((folder, here, root)):
        for file in sorted(f for pattern in REQUIREMENTS for f in place.glob(pattern)):
            try:
                text = file.read_text(encoding="utf-8", errors="replace")
            except OSError:
                continue
            if wanted.search(text):
                return f"-r {_shown(file, here)}"
    return ""


def _root(folder: Path, here: Path) -> Path:
    """The folder of the project: the git repository, else what is beside the locustfile or here."""
    for place in (folder, *folder.parents):
        if (place / ".git").exists():
            return place
    return here if folder.is_relative_to(here) else folder


def _places(top: str, root: Path) -> Iterator[Path]:
    """Folders below the root that have the module, from the outside inwards."""
    waiting, seen = [root], 0
    while waiting and seen < _MOST_FOLDERS:
        seen += 1
        folder = waiting.pop(0)
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError:
            continue
        names = {entry.name: entry for entry in entries}
        if f"{top}.py" in names or (top in names and _has_modules(folder / top)):
            yield folder
        waiting += [
            folder / entry.name
            for entry in entries
            if entry.name not in _LEFT_OUT
            and not entry.name.startswith(".")
            and entry.is_dir(follow_symlinks=False)
        ]


def _has_modules(folder: Path) -> bool:
    return folder.is_dir() and any(folder.rglob("*.py"))


def _kind(folder: Path, top: str) -> str:
    return f"{top}.py" if (folder / f"{top}.py").exists() else f"{top}/"


def _shown(path: Path, here: Path) -> str:
    relative = os.path.relpath(path, here)
    return str(path) if relative.startswith(os.path.join("..", "..", "..")) else relative  # noqa: PTH118

"""A git repository, looked at with git itself."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
from pathlib import Path

from loadtui.errors import UsageError

AUTHOR = ("-c", "user.name=Demo", "-c", "user.email=demo@demo.invalid")


class Repository:
    """A repository in `folder`, made with the history that `commits` tells.

    Nobody's configuration and no hooks have a part in it.
    """

    def __init__(self, folder: Path) -> None:
        git = shutil.which("git")
        if git is None:
            raise UsageError("the demo's MCP server needs git, install the package git")
        self._git = git
        self._folder = folder
        self._environment = {
            "PATH": os.environ.get("PATH", os.defpath),
            "LC_ALL": "C.UTF-8",
            "HOME": str(folder),
            "GIT_DIR": str(folder / ".git"),
            "GIT_WORK_TREE": str(folder),
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_OPTIONAL_LOCKS": "0",
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_PAGER": "cat",
        }

    def make(self, commits: dict[str, dict[str, str]]) -> None:
        """Start the repository: for each message, the files of its commit."""
        self._run("init", "--quiet", "--initial-branch=main", "--template=")
        for number, (message, files) in enumerate(commits.items()):
            for name, text in files.items():
                path = self._folder / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
            self._run("add", "--all")
            moment = f"2026-01-{number + 1:02}T09:00:00+00:00"  # the same ids every time
            dates = {"GIT_AUTHOR_DATE": moment, "GIT_COMMITTER_DATE": moment}
            self._run(*AUTHOR, "commit", "--quiet", "--message", message, **dates)

    async def status(self) -> str:
        return await self._output("status", "--branch", "--porcelain")

    async def log(self, limit: int) -> str:
        return await self._output("log", f"--max-count={limit}", "--format=%h %ad %an: %s")

    async def diff(self) -> str:
        """Changes of the files that are in the repository; empty when there are none."""
        return await self._output("diff", "--no-ext-diff", "--no-textconv", "HEAD")

    async def _output(self, *arguments: str) -> str:
        process = await asyncio.create_subprocess_exec(
            self._git,
            *arguments,
            cwd=self._folder,
            env=self._environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, complaint = await process.communicate()
        if process.returncode:
            raise OSError(complaint.decode(errors="replace").strip() or "git failed")
        return out.decode(errors="replace")

    def _run(self, *arguments: str, **environment: str) -> None:
        ran = subprocess.run(
            [self._git, *arguments],
            cwd=self._folder,
            env=self._environment | environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if ran.returncode:
            raise UsageError(f"the demo's repository could not be made: {ran.stderr.strip()}")

"""A person's note and tags on a saved run."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from loadtui.errors import UsageError
from loadtui.known_secrets import SECRETS
from loadtui.plurals import thousands
from loadtui.store import run_lock
from loadtui.store.manifest_file import read_manifest, write_manifest
from loadtui.store.stored_run import Run

MAX_NOTE = 10_000
"""Characters of a note."""
MAX_TAGS = 100
MAX_TAG = 200
"""Characters of a tag."""


def save_notes(
    run: Run,
    note: str | None = None,
    add_tags: Iterable[str] = (),
    remove_tags: Iterable[str] = (),
    *,
    pinned: bool | None = None,
) -> Run:
    """The run with its note replaced and pinned or not (None: left as it is), and tags added and
    removed; secrets in them are blacked out.

    A tag is there once, however often it is added, and removing one that is not there does
    nothing.  Raises UsageError for an empty tag, for a note or tags that are too long, for a run
    whose host still writes its manifest, and when the manifest cannot be written.
    """
    added, removed = _tags(add_tags), set(_tags(remove_tags))
    if note is not None and len(note) > MAX_NOTE:
        raise UsageError(f"a note takes at most {thousands(MAX_NOTE)} characters")
    try:
        fd = run_lock.hold_run(run.folder)
    except BlockingIOError:
        raise UsageError(f"run {run.id} is still running; annotate it when it has ended") from None
    except OSError as error:
        raise _unwritable(run, error) from error
    try:
        manifest = read_manifest(run.folder)
        tags = [tag for tag in dict.fromkeys([*manifest.tags, *added]) if tag not in removed]
        if len(tags) > max(MAX_TAGS, len(manifest.tags)):
            raise UsageError(f"a run takes at most {thousands(MAX_TAGS)} tags")
        manifest = msgspec.structs.replace(
            manifest,
            note=manifest.note if note is None else SECRETS.hidden(note),
            tags=tags,
            pinned=manifest.pinned if pinned is None else pinned,
        )
        write_manifest(run.folder, manifest)
    except OSError as error:
        raise _unwritable(run, error) from error
    finally:
        run_lock.release_run(run.folder, fd)
    return Run(run.folder, manifest)


def _tags(texts: Iterable[str]) -> list[str]:
    tags = [SECRETS.hidden(tag.strip()) for tag in texts]
    if "" in tags:
        raise UsageError("a tag must not be empty")
    if any(len(tag) > MAX_TAG for tag in tags):
        raise UsageError(f"a tag takes at most {thousands(MAX_TAG)} characters")
    return tags


def _unwritable(run: Run, error: OSError) -> UsageError:
    return UsageError(
        f"the manifest of run {run.id} cannot be written in {run.folder}: {error.strerror}"
    )

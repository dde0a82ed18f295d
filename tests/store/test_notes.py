from __future__ import annotations

import os

import pytest

from loadtui.errors import UsageError
from loadtui.store import run_lock
from loadtui.store.final_files import write_final_files
from loadtui.store.notes import save_notes
from loadtui.store.stored_run import Run, verify_checksums
from tests.support.run_writer import RunWriter


@pytest.fixture
def kept(two_stages: RunWriter) -> Run:
    manifest = two_stages.manifest("finished", note="first", tags=["nightly", "한국"])
    return Run(two_stages.folder, write_final_files(two_stages.folder, manifest, end_second=40))


def test_a_note_is_replaced_and_the_rest_stays(kept: Run) -> None:
    save_notes(kept, note="before the deploy")
    again = Run.open(kept.folder)
    assert again.manifest.note == "before the deploy"
    assert again.manifest.tags == ["nightly", "한국"]
    assert again.manifest.totals.requests == 15
    assert verify_checksums(again) == []


def test_tags_come_and_go(kept: Run) -> None:
    changed = save_notes(
        kept, add_tags=["slow", "nightly", " slow "], remove_tags=["한국", "absent"]
    )
    assert changed.manifest.tags == ["nightly", "slow"]
    assert changed.manifest.note == "first"
    assert Run.open(kept.folder).manifest == changed.manifest


def test_a_note_can_be_emptied(kept: Run) -> None:
    assert save_notes(kept, note="").manifest.note == ""


def test_secrets_are_blacked_out(kept: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_PASSWORD", "value-of-shop")
    changed = save_notes(kept, note="a value-of-shop", add_tags=["b value-of-shop"])
    assert (changed.manifest.note, changed.manifest.tags[-1]) == ("a ***", "b ***")
    assert save_notes(kept, remove_tags=["b value-of-shop"]).manifest.tags == ["nightly", "한국"]


def test_an_empty_tag_is_refused(kept: Run) -> None:
    with pytest.raises(UsageError, match="empty"):
        save_notes(kept, add_tags=["  "])


def test_what_another_command_wrote_meanwhile_stays(kept: Run) -> None:
    save_notes(kept, add_tags=["one"])
    save_notes(kept, add_tags=["two"])
    assert Run.open(kept.folder).manifest.tags == ["nightly", "한국", "one", "two"]


def test_a_running_run_is_not_annotated(kept: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_lock, "_WAIT_S", 0.0)
    fd = run_lock.hold_run(kept.folder)
    with pytest.raises(UsageError, match="still running"):
        save_notes(kept, note="x")
    os.close(fd)


def test_notes_and_tags_have_an_end(kept: Run) -> None:
    for given, limit in (
        ({"note": "x" * 10_001}, "a note takes at most 10 000 characters"),
        ({"add_tags": ["x" * 201]}, "a tag takes at most 200 characters"),
        ({"add_tags": map(str, range(99))}, "a run takes at most 100 tags"),
    ):
        with pytest.raises(UsageError, match=limit):
            save_notes(kept, **given)
    assert Run.open(kept.folder).manifest == kept.manifest
    save_notes(kept, note="x" * 10_000, add_tags=[str(number) for number in range(98)])

"""Reading a run's issue, and telling GitHub."""

from __future__ import annotations

import dataclasses

import pytest

from loadtui.errors import UsageError
from loadtui.store.run_folder import runs_root
from loadtui.tui.modals.issue_dialog import IssueDialog
from loadtui.tui.project.issue_previews import ProjectIssuePublisher
from tests.support.github_server import REPOSITORY, GitHub
from tests.support.stored_runs import Traffic, keep_run, plan
from tests.support.workbench_fakes import RUNS, draft_of, notes, settled

FAILED, SIMULATED, PASSED, INVALID = RUNS[1:5]
AT = {FAILED: ["down"], SIMULATED: ["down"] * 2, PASSED: ["down"] * 3, INVALID: ["down"] * 4}


@pytest.fixture
def github(tmp_path, monkeypatch):
    from loadtui.github.issue_tracker import IssueTracker

    quick = {**(IssueTracker.__init__.__kwdefaults__ or {}), "pause_s": None}
    monkeypatch.setattr(IssueTracker.__init__, "__kwdefaults__", quick)
    with GitHub() as server:
        for name, value in server.environ().items():
            monkeypatch.setenv(name, value)
        yield server


def test_what_is_shown_is_what_the_command_prints(visit, see):
    async def then(pilot, app):
        text = app.screen.query_one("#issue-text").content
        assert text == draft_of(FAILED).text()
        assert "to octo/shop" in see(app)

    visit("2", *AT[FAILED], "i", then=then, size=(120, 40))


def test_it_is_published_when_asked_and_the_address_is_shown(visit, project, see):
    async def then(pilot, app):
        assert project.issues.published == []
        await pilot.press("c", "enter", "o")
        await settled(app, pilot)
        assert "opened https://github.com/octo/shop/issues/7" in see(app)
        await pilot.press("o")
        await settled(app, pilot)

    visit("2", *AT[FAILED], "i", then=then)
    assert project.issues.published == [draft_of(FAILED)]


def test_a_button_does_it_too(visit, project):
    async def then(pilot, app):
        await pilot.click("#resolve")
        await settled(app, pilot)

    visit("2", *AT[PASSED], "i", then=then)
    assert [(one.run, one.wording) for one in project.issues.published] == [(PASSED.run, None)]


def test_a_refusal_is_told_and_can_be_tried_again(visit, project, see):
    project.issues.refusal = (
        "issues are switched off in octo/shop (410); enable them in its settings"
    )

    async def then(pilot, app):
        assert "✗ issues are switched off in octo/shop (410)" in see(app)
        project.issues.refusal = ""
        await pilot.press("o")
        await settled(app, pilot)
        assert "opened https://" in see(app)

    visit("2", *AT[FAILED], "i", "o", then=then)


def test_simulated_numbers_take_a_word_more(visit, project, see):
    async def then(pilot, app):
        assert f"run {SIMULATED.run} is simulated, not measured" in " ".join(see(app).split())
        await pilot.press("o")
        await settled(app, pilot)
        assert project.issues.published == []
        await pilot.press("y", "o")
        await settled(app, pilot)

    visit("2", *AT[SIMULATED], "i", then=then, size=(120, 40))
    assert project.issues.published == [draft_of(SIMULATED)]


def test_an_invalid_run_says_so_and_has_nothing_to_publish(visit, project, see):
    async def then(pilot, app):
        words = see(app).replace("│", " ").split()
        assert "is invalid and its numbers cannot be trusted" in " ".join(words)
        assert not any(button.display for button in app.screen.query("#open, #allow, #resolve"))

    visit("2", *AT[INVALID], "i", "o", then=then, size=(120, 40))
    assert project.issues.published == []


def test_closed_before_the_end_what_came_of_it_is_notified(visit, project):
    async def then(pilot, app):
        dialog = app.screen
        dialog._telling = True
        dialog.action_close()
        await settled(app, pilot)
        dialog._told("opened https://github.com/octo/shop/issues/7", bad=False)

    app = visit("2", *AT[FAILED], "i", then=then)[1]
    assert notes(app)[1] == "opened https://github.com/octo/shop/issues/7"


def test_i_on_a_replay_and_on_live(visit, project, tell, monkeypatch):
    asked = []

    def preview(folder):
        asked.append(folder)
        raise UsageError("nothing to say of it")

    monkeypatch.setattr(project.issues, "preview", preview)

    async def live(pilot, app):
        await tell(pilot, 10)
        await pilot.press("i")
        await pilot.pause()
        assert isinstance(app.screen, IssueDialog)

    visit("2", "down", "enter", "i")
    visit("3", then=live)
    assert [folder.name for folder in asked] == ["20261123-101502-gateway-3f2a"] * 2


def test_github_is_told_and_says_no(visit, project, github, see, tmp_path):
    """A kept run, against a server that plays GitHub."""
    (tmp_path / "pyproject.toml").write_text("[tool.loadtui]\n")
    folder = runs_root(tmp_path) / FAILED.run
    traffic = {"GET /a": Traffic(failing=0.696)}
    keep_run(folder, traffic, run=FAILED.run, plan=plan(), stages=(("L1", 10),))
    project.runs.entries = [dataclasses.replace(FAILED, folder=folder)]
    project = dataclasses.replace(project, issues=ProjectIssuePublisher(tmp_path))

    async def then(pilot, app):
        assert f"to {REPOSITORY}" in see(app)
        assert github.asked == []
        github.refuse("POST", f"/repos/{REPOSITORY}/issues", 410, b'{"message": "gone"}')
        await pilot.press("o")
        await settled(app, pilot)
        assert "switched off" in see(app)
        await pilot.press("o")
        await settled(app, pilot)
        assert "opened https://github.com/" in see(app)
        return app.screen.query_one("#issue-text").content

    shown = visit("2", "i", then=then, size=(160, 50), project=project)[0]
    (issue,) = github.issues
    labels = ", ".join(label["name"] for label in issue["labels"])
    assert shown == f"title:  {issue['title']}\nlabels: {labels}\n\n{issue['body']}"
    kept = (folder / "issue.md").read_text()
    assert kept == f"# {issue['title']}\n\n{issue['body']}"

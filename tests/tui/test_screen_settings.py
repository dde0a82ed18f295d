"""What a project says about the screens."""

from __future__ import annotations

import pytest

from loadtui.errors import UsageError
from loadtui.tui.app import LoadtuiApp
from loadtui.tui.screen_settings import ScreenSettings, read_screen_settings


def wrote(folder, text):
    (folder / "pyproject.toml").write_text(text, encoding="utf-8")
    return folder


def test_nothing_said(tmp_path):
    assert read_screen_settings(wrote(tmp_path, '[tool.loadtui]\nruns = "kept"\n')).theme is None


def test_keys_and_theme_of_a_folder_above(tmp_path):
    wrote(tmp_path, '[tool.loadtui]\ntheme = "nord"\n[tool.loadtui.keys]\nstop = "x"\n')
    below = tmp_path / "below"
    below.mkdir()
    wrote(below, "[project]\n")
    settings = read_screen_settings(below)
    assert settings.theme == "nord"
    assert settings.keys.keymap == {"stop": "x"}


@pytest.mark.parametrize(("text", "sentence"), [
    ('[tool.loadtui]\ntheme = "nrod"', "tool.loadtui.theme: there is no theme 'nrod', did you "
                                       "mean nord?"),
    ("[tool.loadtui]\ntheme = 3", "there is no theme 3, known are ansi-dark"),
    ('[tool.loadtui.keys]\nstop = "u"', "tool.loadtui.keys: u would do two things in live"),
    ("[tool", "is not valid TOML"),
])  # fmt: skip
def test_what_makes_no_sense_is_refused_with_the_name_of_the_file(tmp_path, text, sentence):
    with pytest.raises(UsageError) as error:
        read_screen_settings(wrote(tmp_path, text))
    assert str(error.value).startswith(str(tmp_path / "pyproject.toml"))
    assert sentence in str(error.value)
    assert "\n" not in str(error.value)


def test_the_theme_is_taken_and_its_missing_colours_are_made(feed, run, monkeypatch):
    monkeypatch.delenv("NO_COLOR", raising=False)

    async def steps():
        app = LoadtuiApp(feed=feed, settings=ScreenSettings(theme="nord"))
        async with app.run_test() as pilot:
            await pilot.pause()
            nord = dict(app.theme_variables)
            app.theme = "ansi-dark"
            await pilot.pause()
            return nord, app.theme_variables["curve-p95"]

    nord, ansi = run(steps())
    curves = [nord[f"curve-{name}"] for name in ("rps", "p50", "p95", "p99")]
    assert len(set(curves)) == 4
    assert not any(colour.startswith("ansi") for colour in curves)
    assert ansi == "ansi_yellow"

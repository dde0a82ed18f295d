"""The profile in the guide is what it says: one that can be read, with the defaults."""

from __future__ import annotations

import re
from pathlib import Path

from loadtui.simulate.profile import BurstProfile, LoadProfile, Profile, StallProfile, load_profile

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "simulate.md"


def test_the_profile_of_the_guide_can_be_read_and_has_the_defaults(tmp_path: Path) -> None:
    block = re.search(r"```toml\n(.+?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    assert block is not None
    file = tmp_path / "profile.toml"
    file.write_text(block[1], encoding="utf-8")

    profile = load_profile(file)

    assert (profile.load, profile.stalls, profile.bursts) == (
        LoadProfile(),
        StallProfile(),
        BurstProfile(),
    )
    plain = Profile(endpoints=profile.endpoints)
    assert profile.run_to_run == plain.run_to_run
    assert profile.requests_per_user_s == plain.requests_per_user_s
    assert [one.name for one in profile.metrics] == ["violations", "timeouts", "ttft"]

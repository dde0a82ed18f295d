"""What is to be known of what a run recorded, or of how it was asked for."""

from __future__ import annotations

from loadtui.plurals import counted
from loadtui.store.manifest import Manifest


def recorded_remarks(manifest: Manifest) -> list[str]:
    """Sentences without a full stop; of a run that has just started those that are known then."""
    ignored = [manifest.ignored_remark] if manifest.ignored_remark else []
    return ignored + [
        f"{remark.text} ({counted(remark.count, 'time')})" if remark.count > 1 else remark.text
        for remark in manifest.remarks
    ]

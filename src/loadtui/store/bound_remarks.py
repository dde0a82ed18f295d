"""What a reader has to know of a run of which not everything was told apart."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from loadtui.samples.endpoint_table import FURTHER, MAX_ENDPOINTS, MAX_NAME
from loadtui.samples.error_kinds import MAX_KINDS, OTHER_KINDS
from loadtui.store.log_cap import left_out_mb
from loadtui.store.log_lines import MOST_BYTES
from loadtui.store.run_files import HOST_LOG

if TYPE_CHECKING:
    from loadtui.store.journal_contents import JournalContents


def bound_remarks(record: JournalContents, folder: Path) -> list[str]:
    """One sentence, without its full stop, for each bound that the record came up against, and the
    log in the run's folder."""
    remarks = []
    entries = record.endpoints.entries
    if FURTHER in entries:
        remarks.append(
            f"more than {MAX_ENDPOINTS} different endpoints: further ones are counted together "
            f'as "{FURTHER[1]}"; give requests that belong together one name, as with name="/item"'
        )
    if any(len(text) == MAX_NAME for entry in entries for text in entry):
        remarks.append(
            f"names of endpoints are cut after {MAX_NAME} characters, and requests whose names "
            "agree up to there are counted together; give them a short name, as with "
            'name="/graphql"'
        )
    for what, kinds in (("errors", record.errors), ("exceptions", record.exceptions)):
        if kinds.others:
            remarks.append(
                f"more than {MAX_KINDS} different {what}: the most frequent are listed, each "
                f'was seen at least as often as its number says, "{OTHER_KINDS}" counts the rest'
            )
    if left_out := left_out_mb(folder):
        remarks.append(
            f"{left_out:.1f} MB of what was printed and logged are missing in {HOST_LOG}, which "
            f"takes {MOST_BYTES >> 20} MB: its first MB is there, and what came last"
        )
    return remarks

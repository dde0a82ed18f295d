"""What a reader has to know of a run of which not everything was told apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loadtui.samples.endpoint_table import FURTHER, MAX_ENDPOINTS, MAX_NAME
from loadtui.samples.error_kinds import MAX_KINDS, OTHER_KINDS

if TYPE_CHECKING:
    from loadtui.store.journal_contents import JournalContents


def bound_remarks(record: JournalContents) -> list[str]:
    """One sentence, without its full stop, for each bound that the record came up against."""
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
    return remarks

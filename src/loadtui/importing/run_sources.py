"""Which files are results of which program, and which of them are of one run.

Import this module where it is used: it loads polars.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from loadtui.errors import UsageError
from loadtui.importing import json_file, jtl_csv, jtl_xml, k6_json, locust_csv_files, locust_json
from loadtui.importing import services_json as services
from loadtui.importing.sheet import head_row
from loadtui.importing.source import ImportSource
from loadtui.importing.text_file import head_of

KNOWN = (
    "Locust CSV or JSON, k6 summaries, JMeter JTL, metrics by service or performance baselines in "
    "JSON"
)


def read_files(paths: Sequence[Path]) -> Iterator[ImportSource]:
    """The runs that files tell of, in their order; Locust's CSV files with one prefix are of one.

    Every file is looked at before the first is read.  Raises UsageError for a file that is in none
    of the known formats, or damaged.
    """
    paths = list(dict.fromkeys(paths))
    parts = {path: _locust_part(path) for path in paths}
    groups = _groups({path: part for path, part in parts.items() if part is not None})
    for path in paths:
        if parts[path] is None:
            yield _read(path)
        elif (group := groups.get(path)) is not None:
            yield locust_csv_files.read_locust_csv(group)


def beside(source: ImportSource) -> list[Path]:
    """Files of Locust that lie beside those of a run and were not named."""
    if source.format != "Locust CSV":
        return []
    given = {path.resolve() for path in source.files}
    folder = source.files[0].parent
    found = [folder / f"{source.name}{suffix}.csv" for suffix in locust_csv_files.SUFFIXES.values()]
    return [path for path in found if path.is_file() and path.resolve() not in given]


def _locust_part(path: Path) -> locust_csv_files.CsvPart | None:
    if head_of(path)[0] in "<{[":
        return None
    head = set(head_row(path)[0])
    for part, signs in locust_csv_files.SIGNS.items():
        if signs <= head:
            return part
    return None


def _groups(
    parts: Mapping[Path, locust_csv_files.CsvPart],
) -> dict[Path, dict[locust_csv_files.CsvPart, Path]]:
    """The files of each run, by the one of them that was named first."""
    if all(count == 1 for count in Counter(parts.values()).values()):
        return {next(iter(parts)): {part: path for path, part in parts.items()}} if parts else {}
    of_prefix: dict[tuple[Path, str], dict[locust_csv_files.CsvPart, Path]] = {}
    for path, part in parts.items():
        group = of_prefix.setdefault((path.parent, locust_csv_files.prefix(path)), {})
        if part in group:
            raise UsageError(
                f"{group[part]} and {path} both hold {part} of Locust; import one run at a time"
            )
        group[part] = path
    return {next(path for path in parts if path in group.values()): group
            for group in of_prefix.values()}  # fmt: skip


def _read(path: Path) -> ImportSource:
    first = head_of(path)[0]
    if first == "<":
        return jtl_xml.read_jtl_xml(path)
    if first in "{[":
        return _read_json(path)
    head, _ = head_row(path)
    if jtl_csv.is_jtl(head):
        return jtl_csv.read_jtl_csv(path)
    raise UsageError(f"{path} is in no format that can be imported: {KNOWN}")


def _read_json(path: Path) -> ImportSource:
    document = json_file.read_json(path)
    if isinstance(document, list):
        if document and all(isinstance(one, dict) for one in document):
            if any(set(one) >= locust_json.SIGNS for one in document):
                return locust_json.read_locust_json(path, document)
        elif not document:
            raise UsageError(f"{path} holds an empty list; there is nothing to import")
    elif isinstance(document, dict):
        if k6_json.is_k6(document):
            return k6_json.read_k6(path, document)
        if services.is_services(document):
            return services.read_services(path, document)
    raise UsageError(f"{path} is in no format that can be imported: {KNOWN}")

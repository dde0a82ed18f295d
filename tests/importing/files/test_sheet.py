"""CSV files as they come: delimiters, decimal commas, rows that are cut off."""

from __future__ import annotations

from pathlib import Path

import pytest

from loadtui.errors import UsageError
from loadtui.importing.files import sheet as sheet_file
from loadtui.importing.files.sheet import CsvSheet, head_row, line_of_row, row_batches, rows_of


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "stats.csv"


def sheet(path: Path, text: str) -> CsvSheet:
    path.write_text(text, newline="")
    return CsvSheet.open(path, lambda column: column != "name")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters(path: Path, delimiter: str) -> None:
    path.write_text(delimiter.join(["name", "a b", "c"]))
    assert head_row(path) == (["name", "a b", "c"], delimiter)


def test_cells(path: Path) -> None:
    (row,) = sheet(path, 'name;ms;count\r\n"a;""b""";1,5;12\r\n').rows()
    assert row.text("name") == 'a;"b"'
    assert row.number("ms") == 1.5
    assert row.needed("count") == 12
    assert (row.text("gone"), row.number("gone"), row.count("gone")) == ("", None, None)
    with pytest.raises(UsageError, match=r"stats\.csv line 2: column 'gone' holds no number"):
        row.needed("gone")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("name,ms\na,1\nb\n", "line 3: it has 1 of 2 columns; the file is cut off"),
        ("name,ms\na,1,2\n", "line 2: it has 3 of 2 columns$"),
        ('name,ms\n"a,1\n', "a quote is opened and never closed"),
        ("ms,ms\n1,2\n", "line 1: there are two columns 'ms'"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(path: Path, text: str, sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence) as caught:
        list(sheet(path, text).rows())
    assert str(path) in str(caught.value)


class TestBatches:
    def test_they_hold_the_rows_one_by_one(
        self, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sheet_file, "_AT_ONCE", 40)
        rows = [f'{at},"two\nlines, {at}",x\n' if at % 3 else f"{at},y,\n" for at in range(50)]
        path.write_text("\n \nname,b,c\n" + "\n".join(rows))
        batches = list(row_batches(path, ","))
        numbered = list(rows_of(path, ","))
        assert [cells for batch in batches for cells in batch] == [cells for _, cells in numbered]
        assert len(batches) > 10
        assert [line_of_row(path, ",", at) for at in (0, 1, 50)] == [
            numbered[at][0] for at in (0, 1, 50)
        ]

    def test_their_size_is_bounded_by_characters(
        self, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sheet_file, "_AT_ONCE", 1000)
        short, long = ["a,b\n"] * 400, [f"{'x' * 900},b\n"] * 40
        path.write_text("".join(short + long))
        sizes = [
            sum(len(cell) for row in batch for cell in row) for batch in row_batches(path, ",")
        ]
        assert sum(sizes) == 400 * 2 + 40 * 901
        assert max(sizes) < 3000

    def test_what_is_wrong_comes_after_the_rows_before_it(self, path: Path) -> None:
        path.write_text('a,b\nc,d\n"e"f,g\n')
        batches = row_batches(path, ",")
        assert next(batches) == [["a", "b"], ["c", "d"]]
        with pytest.raises(UsageError, match="line 3"):
            next(batches)

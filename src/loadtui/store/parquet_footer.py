"""What a parquet file says of its size, in its footer and before each page.

A few kilobytes can unpack to gigabytes: a column of one value takes next to nothing however many
rows it has.  And polars 2.1 ends the process when a page claims more values than fit into memory.
Both are structs in Thrift's compact protocol, FileMetaData and PageHeader, as
https://parquet.apache.org/docs/file-format/metadata/ and parquet.thrift have them.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum
from typing import Any, NamedTuple

_MAGIC = b"PAR1"
_MOST_DEEP = 16
_ROW_GROUPS, _COLUMNS, _META_DATA = 4, 1, 3
"""Numbers of the fields on the way: FileMetaData.row_groups, RowGroup.columns,
ColumnChunk.meta_data."""
_VALUES, _UNPACKED, _PACKED, _DATA_AT, _DICTIONARY_AT = 5, 6, 7, 9, 11
"""Of ColumnMetaData: num_values, total_uncompressed_size, total_compressed_size, data_page_offset,
dictionary_page_offset."""
_PAGE_UNPACKED, _PAGE_PACKED, _PAGES, _DICTIONARY, _PAGES_2 = 2, 3, 5, 7, 8
"""Of PageHeader: uncompressed_page_size, compressed_page_size, and the headers of a data page, a
dictionary page and a data page of version 2, whose field 1 is num_values."""


class _Kind(IntEnum):
    """Of a value, by Thrift's numbers."""

    STOP = 0
    TRUE = 1
    FALSE = 2
    BYTE = 3
    I16 = 4
    I32 = 5
    I64 = 6
    DOUBLE = 7
    BINARY = 8
    LIST = 9
    SET = 10
    STRUCT = 12


class ParquetSize(NamedTuple):
    values: int
    """Of all columns and row groups, those in lists included."""
    unpacked: int
    """Bytes of all pages once they are unpacked, still encoded."""


def parquet_size(data: bytes) -> ParquetSize:
    """The size that a file states.

    Raises ValueError for what is no parquet file, and for pages that are not what the footer says.
    """
    if len(data) < 12 or data[:4] != _MAGIC or data[-4:] != _MAGIC:
        raise ValueError("it is no parquet file, or is cut off")
    length = int.from_bytes(data[-8:-4], "little")
    if length > len(data) - 12:
        raise ValueError("its footer is cut off")
    try:
        footer = _Compact(data[-8 - length : -8]).struct(0)
        chunks = [
            _part(column, _META_DATA, dict)
            for group in _part(footer, _ROW_GROUPS, list)
            for column in _part(group, _COLUMNS, list)
        ]
        for chunk in chunks:
            _check_pages(data, chunk)
        return ParquetSize(
            sum(_part(chunk, _VALUES, int) for chunk in chunks),
            sum(_part(chunk, _UNPACKED, int) for chunk in chunks),
        )
    except IndexError:
        raise ValueError("its footer is damaged") from None


def _check_pages(data: bytes, chunk: dict[int, Any]) -> None:
    """Raises ValueError unless the pages of a column's chunk have together what it says."""
    values = _part(chunk, _VALUES, int)
    begin = min(chunk.get(_DICTIONARY_AT) or len(data), _part(chunk, _DATA_AT, int))
    end = begin + _part(chunk, _PACKED, int)
    if not 4 <= begin <= end <= len(data) or values < 0 or _part(chunk, _UNPACKED, int) < 0:
        raise ValueError("its footer is damaged")
    in_pages, at = 0, begin
    while at < end:
        reader = _Compact(data, at)
        header = reader.struct(0)
        dictionary = header.get(_DICTIONARY)
        page = header.get(_PAGES) or header.get(_PAGES_2) or dictionary
        packed, unpacked = (_part(header, f, int) for f in (_PAGE_PACKED, _PAGE_UNPACKED))
        held = _part(page, 1, int)
        if min(packed, unpacked, held) < 0 or (dictionary is page and held > unpacked):
            raise ValueError("a page of it is damaged")
        in_pages += 0 if dictionary is page else held
        at = reader.at + packed
    if at != end or in_pages != values:
        raise ValueError("its pages are not what its footer says")


def _part(struct: Any, field: int, kind: type) -> Any:
    part = struct.get(field) if isinstance(struct, dict) else None
    if not isinstance(part, kind):
        raise ValueError("its footer is damaged")
    return part


class _Compact:
    """Reads values of Thrift's compact protocol; IndexError at the end of the data."""

    def __init__(self, data: bytes, at: int = 0) -> None:
        self._data = data
        self.at = at
        """How far it was read."""

    def struct(self, depth: int) -> dict[int, Any]:
        """Field number -> value."""
        fields: dict[int, Any] = {}
        number = 0
        while (head := self._byte()) & 0x0F != _Kind.STOP:
            delta = head >> 4
            number = number + delta if delta else self._zigzag()
            fields[number] = self._value(head & 0x0F, depth)
        return fields

    def _value(self, kind: int, depth: int) -> Any:
        """None for what nobody asks for."""
        if depth > _MOST_DEEP:
            raise ValueError("its footer is nested too deeply")
        match kind:
            case _Kind.TRUE | _Kind.FALSE:
                return None  # it is in the head of its field
            case _Kind.BYTE:
                return self._byte()
            case _Kind.I16 | _Kind.I32 | _Kind.I64:
                return self._zigzag()
            case _Kind.DOUBLE:
                self._skip(8)
            case _Kind.BINARY:
                self._skip(self._varint())
            case _Kind.LIST | _Kind.SET:
                return list(self._elements(depth))
            case _Kind.STRUCT:
                return self.struct(depth + 1)
            case _:
                raise ValueError("its footer is damaged")
        return None

    def _elements(self, depth: int) -> Iterator[Any]:
        head = self._byte()
        count, kind = head >> 4, head & 0x0F
        if count == 15:
            count = self._varint()
        for _ in range(count):
            in_a_byte = kind in (_Kind.TRUE, _Kind.FALSE)  # as elements are, and fields are not
            yield self._byte() if in_a_byte else self._value(kind, depth + 1)

    def _byte(self) -> int:
        value = self._data[self.at]
        self.at += 1
        return value

    def _varint(self) -> int:
        value = shift = 0
        while True:
            byte = self._byte()
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value
            shift += 7
            if shift > 63:
                raise ValueError("its footer is damaged")

    def _zigzag(self) -> int:
        value = self._varint()
        return (value >> 1) ^ -(value & 1)

    def _skip(self, count: int) -> None:
        self.at += count
        if self.at > len(self._data):
            raise IndexError

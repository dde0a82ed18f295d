"""The heads of JMeter's tables of figures, in the words of its languages.

They are those of the Aggregate and the Summary Report (`aggregate_report_count` and the others in
JMeter's messages.properties), and the names of these messages themselves, as
`JMeterPluginsCMD --generate-csv` writes them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from loadtui.percentile_names import percentile_name

LABEL, REQUESTS, MEAN, MEDIAN, MIN, MAX, FAILED, RATE, SIZE = (
    "label", "requests", "mean", "p50", "min", "max", "failed", "rate", "size",
)  # fmt: skip
_WORDS: dict[str, tuple[str, ...]] = {
    LABEL: ("sampler_label", "Label", "Etiqueta", "Libellé", "Etykieta", "Rótulo"),
    REQUESTS: ("aggregate_report_count", "# Samples", "Anz. der Proben", "# Muestras",
               "# Echantillons", "Liczba próbek", "# Amostras"),
    MEAN: ("average", "Durchschnitt", "Media", "Moyenne", "Średnia", "Média"),
    MEDIAN: ("aggregate_report_median", "Median", "Mittel", "Mediana", "Médiane"),
    MIN: ("aggregate_report_min", "Min", "Minimum", "Mín", "Mín."),
    MAX: ("aggregate_report_max", "Max", "Maximum", "Máx", "Máx."),
    FAILED: ("aggregate_report_error%", "Error %", "% Fehler", "% Error", "% Erreur", "% błędów",
             "% de Erro"),
    RATE: ("aggregate_report_rate", "Throughput", "Durchsatz", "Rendimiento", "Débit",
           "Przepustowość", "Vazão"),
    SIZE: ("average_bytes", "Avg. Bytes", "Durchschnittliche Bytes", "Media de Bytes",
           "Moy. octets", "bitów średnio", "Média de Bytes"),
}  # fmt: skip
_COLUMNS = {word.casefold(): column for column, words in _WORDS.items() for word in words}
JMETER_TOTAL = "TOTAL"
"""Label of the last row in most languages."""
_TOTALS = frozenset({"total", "gesamt", "razem", "toplam", "合計", "总体", "總計"})
_PERCENTILE = re.compile(r"(?:aggregate_report_)?(\d{1,2}(?:\.\d+)?) ?%[ _]?(?:line|centile)")


def aggregate_columns(head: Sequence[str]) -> list[str]:
    """What each column holds: one of the names above, `p90` for a percentile, empty when it is not
    known."""
    names = []
    for cell in (cell.casefold() for cell in head):
        match = _PERCENTILE.fullmatch(cell)
        names.append(percentile_name(float(match[1]) / 100) if match else _COLUMNS.get(cell, ""))
    return names


def sums_up(label: str) -> bool:
    """Whether a row of this label holds the figures of all."""
    return label.casefold() in _TOTALS

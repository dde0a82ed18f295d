"""The formats that can be imported.  A new one is a file with its Reader, and an entry here.

Import this module where it is used: it loads polars.
"""

from __future__ import annotations

from loadtui.importing.artillery_json import ARTILLERY_JSON
from loadtui.importing.autocannon_json import AUTOCANNON_JSON
from loadtui.importing.gatling.gatling_binary import GATLING_BINARY
from loadtui.importing.gatling.gatling_text import GATLING_TEXT
from loadtui.importing.ghz_json import GHZ_JSON
from loadtui.importing.hey_csv import HEY_CSV
from loadtui.importing.jmeter.aggregate_csv import AGGREGATE_CSV
from loadtui.importing.jmeter.jtl_csv import JTL_CSV
from loadtui.importing.jmeter.jtl_xml import JTL_XML
from loadtui.importing.jmeter.statistics_json import STATISTICS_JSON
from loadtui.importing.k6.k6_csv import K6_CSV
from loadtui.importing.k6.k6_json import K6_SUMMARY
from loadtui.importing.k6.k6_lines import K6_LINES
from loadtui.importing.locust.locust_csv_files import LOCUST_CSV_FILES
from loadtui.importing.locust.locust_json import LOCUST_JSON
from loadtui.importing.oha_json import OHA_JSON
from loadtui.importing.reader import Reader
from loadtui.importing.services_json import SERVICE_METRICS
from loadtui.importing.vegeta.vegeta_csv import VEGETA_CSV
from loadtui.importing.vegeta.vegeta_lines import VEGETA_LINES
from loadtui.importing.vegeta.vegeta_report import VEGETA_REPORT
from loadtui.importing.wrk.hgrm import HGRM
from loadtui.importing.wrk.wrk_text import WRK_TEXT

READERS: tuple[Reader, ...] = (
    GATLING_TEXT,
    GATLING_BINARY,
    WRK_TEXT,
    HGRM,
    VEGETA_LINES,
    VEGETA_CSV,
    HEY_CSV,
    LOCUST_CSV_FILES,
    K6_LINES,
    K6_CSV,
    VEGETA_REPORT,
    LOCUST_JSON,
    K6_SUMMARY,
    JTL_CSV,
    JTL_XML,
    AGGREGATE_CSV,
    STATISTICS_JSON,
    ARTILLERY_JSON,
    AUTOCANNON_JSON,
    GHZ_JSON,
    OHA_JSON,
    SERVICE_METRICS,
)
"""The first that claims a file reads it."""


def format_list() -> str:
    """The names of all formats, for a sentence."""
    return ", ".join(reader.name for reader in READERS)

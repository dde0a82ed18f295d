"""Every option of Locust's command line, and what `loadtui locust` makes of it.

A test compares this with the parser of the installed Locust, so that a new option is noticed.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

Kind = Literal[
    "text", "flag", "int", "port", "count", "rate", "time", "words", "json", "level", "config",
    "help", "version", "retired",
]  # fmt: skip
Effect = Literal["done", "none", "refused"]

COMMON = "Common options"
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")

_PAGE = "there is no web page of Locust's; `loadtui serve` shows runs in a browser"
_API = (
    "without --headless, where it is named: Locust's web API answers there, and nothing runs until "
    "`/swarm` unless --autostart is given; there is no page"
)
_REMOTE = "workers are started here by the command itself, none connects from elsewhere"
_DISTRIBUTED = (
    "load from several machines cannot be made yet: there is no host that listens for workers of "
    "other machines, leave it out (--processes N uses N cores of this one)"
)


class LocustOption(NamedTuple):
    """An option as Locust's parser knows it."""

    strings: tuple[str, ...]
    dest: str
    help: str = ""
    """Empty: not listed, as in Locust."""
    kind: Kind = "text"
    default: object = None
    env: str | None = None
    metavar: str = ""
    effect: Effect = "done"
    why: str = ""
    """Without effect or refused: the reason.  Done: in what it differs, if it does."""

    @property
    def longest(self) -> str:
        return max(self.strings, key=len)


def _flag(
    name: str, dest: str, help_: str, env: str | None = None, effect: Effect = "done", why: str = ""
) -> LocustOption:
    return LocustOption((name,), dest, help_, "flag", False, env, effect=effect, why=why)


def _of_the_page(
    name: str,
    dest: str,
    help_: str,
    env: str,
    *,
    kind: Kind = "text",
    default: object = None,
    metavar: str = "",
) -> LocustOption:
    return LocustOption((name,), dest, help_, kind, default, env, metavar, "none", _PAGE)


def _remote(
    name: str,
    dest: str,
    help_: str,
    env: str | None,
    *,
    kind: Kind = "text",
    default: object = None,
    metavar: str = "",
) -> LocustOption:
    return LocustOption((name,), dest, help_, kind, default, env, metavar, "none", _REMOTE)


def _retired(name: str, message: str, env: str | None = None) -> LocustOption:
    dest = name.removeprefix("--").replace("-", "_")
    default = False if name == "--legacy-ui" else None
    return LocustOption((name,), dest, "", "retired", default, env, effect="refused", why=message)


GROUPS: dict[str, tuple[LocustOption, ...]] = {
    COMMON: (
        LocustOption(("-h", "--help"), "help", "Show this message and exit.", "help"),
        LocustOption(
            ("-f", "--locustfile"),
            "locustfile",
            "A .py file, several of them with commas between, or a folder of them.",
            default="locustfile.py",
            env="LOCUST_LOCUSTFILE",
            metavar="<filename>",
            why="a URL is refused: download the file first",
        ),
        LocustOption(
            ("--config",), "config", "A file with further options.", "config", metavar="<filename>"
        ),
        LocustOption(
            ("-H", "--host"), "host", "Base URL to test.", env="LOCUST_HOST", metavar="<base url>"
        ),
        LocustOption(
            ("-u", "--users"), "num_users", "Users to run; default 1.", "int",
            env="LOCUST_USERS", metavar="<int>",
        ),
        LocustOption(
            ("-r", "--spawn-rate"), "spawn_rate", "Users started per second; default 1.", "rate",
            env="LOCUST_SPAWN_RATE", metavar="<float>",
        ),
        LocustOption(
            ("-t", "--run-time"), "run_time", "Length of the run, e.g. 300s, 20m, 1h30m.", "time",
            env="LOCUST_RUN_TIME", metavar="<time string>",
        ),
        LocustOption(
            ("-l", "--list"), "list_commands", "Show the User classes and exit.", "flag", False
        ),
        LocustOption(
            ("--config-users",), "config_users",
            "Attributes of User classes as JSON, or a .json file.", "json",
            env="LOCUST_CONFIG_USERS",
        ),
    ),
    "Web UI options": (
        LocustOption(
            ("--web-host",), "web_host", "Address of Locust's web API.", "text", "",
            "LOCUST_WEB_HOST", "<ip>", why="default: 127.0.0.1",
        ),
        _of_the_page(
            "--web-host-display-name", "web_host_display_name", "", "LOCUST_WEB_HOST_DISPLAY_NAME"
        ),
        LocustOption(
            ("--web-port", "-P"), "web_port", "Port of Locust's web API.", "port", 8089,
            "LOCUST_WEB_PORT", "<port number>", why=_API,
        ),
        _flag(
            "--headless", "headless", "Print statistics instead of showing the screen.",
            "LOCUST_HEADLESS", why="without a terminal it is implied",
        ),
        _flag(
            "--autostart", "autostart", "Start at once.", "LOCUST_AUTOSTART",
            why="implied: a run always starts at once",
        ),
        LocustOption(
            ("--autoquit",), "autoquit", "Leave the screen so many seconds after the end.", "int",
            -1, "LOCUST_AUTOQUIT", "<seconds>", why="without a screen the command ends anyway",
        ),
        _flag("--headful", "headful", "", "LOCUST_HEADFUL"),
        _retired(
            "--web-auth",
            "The --web-auth parameters has been replaced with --web-login. See "
            "https://docs.locust.io/en/stable/extending-locust.html#authentication for details",
            "LOCUST_WEB_AUTH",
        ),
        _of_the_page(
            "--web-login", "web_login", "Login of Locust's page.", "LOCUST_WEB_LOGIN",
            kind="flag", default=False,
        ),
        _of_the_page(
            "--tls-cert", "tls_cert", "Certificate of Locust's page.", "LOCUST_TLS_CERT",
            default="", metavar="<filename>",
        ),
        _of_the_page(
            "--tls-key", "tls_key", "Key of Locust's page.", "LOCUST_TLS_KEY",
            default="", metavar="<filename>",
        ),
        _flag(
            "--class-picker", "class_picker", "Choose classes on Locust's page.",
            "LOCUST_USERCLASS_PICKER", effect="none",
            why="classes are chosen by their names at the end of the command line",
        ),
        _of_the_page("--build-path", "build_path", "", "LOCUST_BUILD_PATH", default=""),
        _retired(
            "--legacy-ui",
            "--legacy-ui is no longer supported, remove the parameter to continue",
            "LOCUST_LEGACY_UI",
        ),
        _of_the_page(
            "--web-base-path", "web_base_path", "Path of Locust's page.", "LOCUST_WEB_BASE_PATH",
            default="",
        ),
    ),
    "Master options": (
        _flag(
            "--master", "master", "Wait for workers on other machines.", "LOCUST_MODE_MASTER",
            effect="refused", why=_DISTRIBUTED,
        ),
        _remote(
            "--master-bind-host", "master_bind_host", "Address of the master.",
            "LOCUST_MASTER_BIND_HOST", default="*", metavar="<ip>",
        ),
        _remote(
            "--master-bind-port", "master_bind_port", "Port of the master.",
            "LOCUST_MASTER_BIND_PORT", kind="int", default=5557, metavar="<port number>",
        ),
        LocustOption(
            ("--expect-workers",), "expect_workers", "Workers to wait for.", "count", 1,
            "LOCUST_EXPECT_WORKERS", "<int>", "none",
            "workers are started here by the command itself, and a run waits for all of them; "
            "--processes says how many",
        ),
        _remote(
            "--expect-workers-max-wait", "expect_workers_max_wait", "How long to wait for them.",
            "LOCUST_EXPECT_WORKERS_MAX_WAIT", kind="int", default=0, metavar="<int>",
        ),
        _remote(
            "--enable-rebalancing", "enable_rebalancing", "Move users to workers that come later.",
            None, kind="flag", default=False,
        ),
        _retired(
            "--expect-slaves", "The --expect-slaves parameter has been renamed --expect-workers"
        ),
    ),
    "Worker options": (
        _flag(
            "--worker", "worker", "Work for a master on another machine.", "LOCUST_MODE_WORKER",
            effect="refused", why=_DISTRIBUTED,
        ),
        LocustOption(
            ("--processes",), "processes", "Worker processes; default 1.", "int",
            env="LOCUST_PROCESSES", metavar="<int>",
            why="-1 leaves one core to what counts and shows",
        ),
        _retired("--slave", "The --slave parameter has been renamed --worker"),
        _remote(
            "--master-host", "master_host", "Address of the master to work for.",
            "LOCUST_MASTER_NODE_HOST", default="127.0.0.1", metavar="<hostname>",
        ),
        _remote(
            "--master-port", "master_port", "Port of that master.", "LOCUST_MASTER_NODE_PORT",
            kind="int", default=5557, metavar="<port number>",
        ),
    ),
    "Tag options": (
        LocustOption(
            ("-T", "--tags"), "tags", "Only tasks with one of these tags.", "words",
            env="LOCUST_TAGS", metavar="<tag>",
        ),
        LocustOption(
            ("-E", "--exclude-tags"), "exclude_tags", "No tasks with one of these tags.", "words",
            env="LOCUST_EXCLUDE_TAGS", metavar="<tag>",
        ),
    ),
    "Request statistics options": (
        LocustOption(
            ("--csv",), "csv_prefix", "Write <filename>_stats.csv and the three others.",
            env="LOCUST_CSV", metavar="<filename>", why="written at the end of the run",
        ),
        _flag(
            "--csv-full-history", "stats_history_enabled",
            "With --csv: the history of each endpoint.", "LOCUST_CSV_FULL_HISTORY",
        ),
        _flag(
            "--print-stats", "print_stats", "Print statistics while the run is running.",
            "LOCUST_PRINT_STATS", why="a screen shows them itself",
        ),
        _flag(
            "--only-summary", "only_summary", "Print statistics at the end only.",
            "LOCUST_ONLY_SUMMARY",
        ),
        _flag(
            "--reset-stats", "reset_stats", "Count from when all users are spawned.",
            "LOCUST_RESET_STATS",
            why="for what is printed and written at the end, and for the exit code; tables before "
            "the end, the HTML report and the saved run have all requests",
        ),
        LocustOption(
            ("--html",), "html_file",
            "Write an HTML report; {u}, {r} and {t} in its name are users, rate and run time.",
            env="LOCUST_HTML", metavar="<filename>", why="the page is that of `loadtui report`",
        ),
        _flag("--json", "json", "Print the statistics as JSON on stdout."),
        LocustOption(
            ("--json-file",), "json_file", "Write them to <filename>.json.", metavar="<filename>"
        ),
    ),
    "Logging options": (
        _flag(
            "--skip-log-setup", "skip_log_setup",
            "Leave logging to the locustfile; prints no statistics.", "LOCUST_SKIP_LOG_SETUP",
        ),
        LocustOption(
            ("--loglevel", "-L"), "loglevel", "DEBUG, INFO, WARNING, ERROR or CRITICAL.", "level",
            "INFO", "LOCUST_LOGLEVEL", "<level>",
        ),
        LocustOption(
            ("--logfile",), "logfile", "Write the log to a file instead of stderr.",
            env="LOCUST_LOGFILE", metavar="<filename>",
        ),
    ),
    "Other options": (
        _flag("--show-task-ratio", "show_task_ratio", "Print the ratio of the tasks and exit."),
        _flag("--show-task-ratio-json", "show_task_ratio_json", "Print it as JSON and exit."),
        LocustOption(("--version", "-V"), "version", "Show the versions and exit.", "version"),
        LocustOption(
            ("--exit-code-on-error",), "exit_code_on_error",
            "Exit code after any failure or error; default 1.", "int", 1,
            "LOCUST_EXIT_CODE_ON_ERROR", "<int>",
        ),
        LocustOption(
            ("-s", "--stop-timeout"), "stop_timeout",
            "How long tasks may take to end; default: requests in flight get 5 s.", "time", "0",
            "LOCUST_STOP_TIMEOUT", "<number>",
            why="without it requests in flight may end and are counted, where Locust kills them",
        ),
        _flag("--equal-weights", "equal_weights", "Give all tasks the same weight."),
        LocustOption(("--profile",), "profile", "environment.profile of the locustfile."),
        _flag(
            "--otel", "otel", "Instrument the run with OpenTelemetry.",
            "LOCUST_ENABLE_OPENTELEMETRY", effect="none",
            why="requests are sent and counted by code that it does not know",
        ),
    ),
}  # fmt: skip

LOCUST_OPTIONS: tuple[LocustOption, ...] = tuple(o for group in GROUPS.values() for o in group)

"""All that can be done by key: the one list that bindings, footer, palette and help read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from textual.binding import Binding, BindingType

ActionScope = Literal[
    "everywhere", "list", "plans", "runs", "live", "compare", "history", "replay", "board"
]

INCLUDED_SCOPES: dict[ActionScope, tuple[ActionScope, ...]] = {
    "plans": ("list",),
    "runs": ("list",),
    "compare": ("list",),
    "history": ("list",),
    "live": ("board",),
    "replay": ("board",),
}
"""Scopes whose actions hold in another scope too."""


@dataclass(frozen=True)
class Action:
    """Something a person can do; `action_<id>` on the app or screen does it."""

    id: str
    keys: tuple[str, ...]
    """Textual's names of the keys, the first one shown."""
    label: str
    """One or two words, for the footer."""
    help: str
    """A sentence, for help and palette."""
    scope: ActionScope
    """Where it can be done."""
    shown: bool = True
    """In the footer."""
    symbol: str = ""
    """How the footer and the help write the first key, when not by its name."""
    priority: bool = False
    """True: holds even while a text is being typed."""
    running: bool = False
    """True: of no use once the run is over."""

    @property
    def key(self) -> str:
        """The first key as people write it, unless it was remapped."""
        return self.symbol or self.keys[0]

    @property
    def method(self) -> str:
        """What Textual runs: the app's method, or the screen's."""
        return f"app.{self.id}" if self.scope == "everywhere" else f"screen.{self.id}"


def _scroll(id: str, keys: tuple[str, ...], symbol: str, help: str, scope: ActionScope) -> Action:
    return Action(
        id, keys, help.rsplit(": ", maxsplit=1)[-1].rstrip("."), help, scope, False, symbol
    )


ACTIONS: tuple[Action, ...] = (
    Action("plans", ("1",), "plans", "Go to the plans: what can be run.", "everywhere"),
    Action("runs", ("2",), "runs", "Go to the runs that are saved or running.", "everywhere"),
    Action("live", ("3",), "live", "Go to the run that is being watched.", "everywhere"),
    Action("compare", ("4",), "compare", "Go to the comparison of runs.", "everywhere"),
    # Plans.
    Action("start", ("enter",), "start", "Start the plan as it is.", "plans", symbol="⏎"),
    Action("start_changed", ("s",), "start with", "Start the plan with another host, load, length "
           "or baseline.", "plans"),
    Action("check", ("c",), "check", "Check plan and locustfile without a request.", "plans"),
    Action("last_run", ("l",), "last run", "Open the plan's last run.", "plans"),
    # Runs.
    Action("open", ("enter",), "open", "Replay the run, or watch it if it is running.", "runs",
           symbol="⏎"),
    Action("select", ("space",), "select", "Select the run, to compare two.", "runs"),
    Action("compare_runs", ("c",), "compare", "Compare the two selected runs, or this one with the "
           "baseline of its plan.", "runs"),
    Action("promote", ("p",), "promote", "Make the run part of a baseline.", "runs"),
    Action("export", ("e",), "export", "Write the run to a file.", "runs"),
    Action("history", ("h",), "history", "How the metrics of its plan went from run to run.",
           "runs"),
    Action("issue", ("i",), "issue", "A GitHub issue of what failed; shows it first.", "runs"),
    Action("delete", ("X", "delete"), "delete", "Remove the run for good; asks first.", "runs"),
    # Compare.
    Action("all_rows", ("a",), "all/changed", "Show all metrics, or only what changed.", "compare"),
    Action("swap", ("x",), "swap", "Swap the two sides.", "compare"),
    Action("pick_base", ("b",), "base", "Pick another baseline or run to compare with.", "compare"),
    Action("pick_run", ("n",), "run", "Pick another run to judge.", "compare"),
    Action("any_load", ("L",), "any load", "Compare although the load differs, or not.", "compare",
           shown=False),
    Action("next_chart", ("v",), "chart", "Show the next chart first.", "compare"),
    Action("zoom", ("z",), "zoom", "Give the charts, or the table, all the room.", "compare"),
    Action("facts", ("i",), "facts", "What differs between the sides, and errors that are new.",
           "compare"),
    # History.
    Action("all_rows", ("a",), "all/telling", "Show all endpoints, or only totals and what "
           "changed.", "history"),
    Action("facts", ("i",), "runs", "Which runs there are, and which were left out and why.",
           "history"),
    Action("leave_history", ("backspace", "escape"), "list", "Back to the list of runs.",
           "history", symbol="⌫"),
    # Lists.
    Action("filter", ("slash",), "filter", "Show only what holds some words.", "list", symbol="/"),
    Action("sort", ("o",), "order", "Order by the next column.", "list"),
    Action("refresh", ("r", "f5"), "refresh", "Read it all again.", "list"),
    _scroll("cursor_down", ("down", "j"), "↓", "List: down.", "list"),
    _scroll("cursor_up", ("up", "k"), "↑", "List: up.", "list"),
    _scroll("cursor_page_down", ("pagedown",), "PgDn", "List: a page down.", "list"),
    _scroll("cursor_page_up", ("pageup",), "PgUp", "List: a page up.", "list"),
    _scroll("cursor_first", ("home", "g"), "Home", "List: to its start.", "list"),
    _scroll("cursor_last", ("end", "G"), "End", "List: to its end.", "list"),
    # Live.
    Action("set_users", ("u",), "users", "Set the number of users.", "live", running=True),
    Action(
        "more_users", ("plus", "+", "equals_sign"), "more", "One user more.", "live",
        shown=False, symbol="+", running=True,
    ),
    Action(
        "fewer_users", ("minus", "-"), "fewer", "One user fewer.", "live",
        shown=False, symbol="-", running=True,
    ),
    Action(
        "ten_more_users", ("greater_than_sign",), "10 more", "Ten users more.", "live",
        shown=False, symbol=">", running=True,
    ),
    Action(
        "ten_fewer_users", ("less_than_sign",), "10 fewer", "Ten users fewer.", "live",
        shown=False, symbol="<", running=True,
    ),
    Action("stop", ("s",), "stop", "End the run, gracefully or at once.", "live", running=True),
    Action("detach", ("d",), "detach", "Leave this screen; the run keeps running.", "live",
           running=True),
    Action("mark", ("m",), "mark", "Put a note on the run's time line.", "live", running=True),
    Action(
        "freeze", ("space",), "freeze", "Hold the display still; the run keeps running.", "live",
        running=True,
    ),
    # A run, live or replayed.
    Action("zoom", ("z",), "zoom", "Give the next panel all the room.", "board"),
    Action("next_window", ("w",), "window", "Charts: all of the run, its last 15, 5 minutes or "
           "one.", "board"),
    Action("filter", ("slash",), "filter", "Show only endpoints that hold some words.", "board",
           symbol="/"),
    Action("sort", ("o",), "order", "Order the endpoints by the next column.", "board"),
    Action("errors", ("e",), "errors", "Errors and exceptions with their whole messages.",
           "board"),
    Action("toggle_log", ("l",), "log", "Show the log of host and workers, or hide it.", "board"),
    Action("next_chart", ("v",), "chart", "Show the next chart beside the first.", "board"),
    Action("columns", ("c",), "columns", "Show the columns that had no room.", "board"),
    Action("toggle_baseline", ("b",), "baseline", "Draw the baseline behind the charts, or not.",
           "board"),
    Action("issue", ("i",), "issue", "A GitHub issue of what failed, once the run is over.",
           "board", shown=False),
    Action("reverse", ("O",), "reverse", "Turn the order of the endpoints around.", "board",
           shown=False),
    Action("longer_window", ("right_square_bracket",), "longer", "Charts: a longer window.",
           "board", shown=False, symbol="]"),
    Action("shorter_window", ("left_square_bracket",), "shorter", "Charts: a shorter window.",
           "board", shown=False, symbol="["),
    Action("unzoom", ("escape",), "back", "Give the room back, or show all endpoints again.",
           "board", shown=False, symbol="Esc"),
    Action("scroll_down", ("down", "j"), "down", "Endpoints: one further down.", "board",
           shown=False, symbol="↓"),
    Action("scroll_up", ("up", "k"), "up", "Endpoints: one further up.", "board",
           shown=False, symbol="↑"),
    Action("page_down", ("pagedown",), "page down", "Endpoints: a page down.", "board",
           shown=False, symbol="PgDn"),
    Action("page_up", ("pageup",), "page up", "Endpoints: a page up.", "board",
           shown=False, symbol="PgUp"),
    # Replay.
    Action("cursor_back", ("left", "h"), "back", "A step back in time.", "replay", symbol="←"),
    Action("cursor_on", ("right",), "on", "A step on in time.", "replay", symbol="→"),
    Action("play", ("space",), "play", "Let time pass, or stop it.", "replay"),
    Action("stage_back", ("comma",), "stage", "To the start of the stage, or of the one before.",
           "replay", shown=False, symbol=","),
    Action("stage_on", ("full_stop",), "stage", "To the next stage.", "replay", shown=False,
           symbol="."),
    Action("to_start", ("home",), "start", "To the start of the run.", "replay", shown=False,
           symbol="Home"),
    Action("to_end", ("end",), "end", "To the end of the run.", "replay", symbol="End"),
    Action("faster", ("plus", "+", "equals_sign"), "faster", "Twice as fast.", "replay",
           shown=False, symbol="+"),
    Action("slower", ("minus", "-"), "slower", "Half as fast.", "replay", shown=False, symbol="-"),
    Action("close", ("backspace",), "list", "Back to the list of runs.", "replay", symbol="⌫"),
    # Everywhere.
    Action("copy", ("y",), "copy", "Copy an id, a path or figures to the clipboard.", "everywhere",
           shown=False),
    Action("picture", ("P", "f12"), "picture", "Save the screen as an SVG picture.",
           "everywhere", shown=False),
    Action("theme", ("T",), "theme", "Choose the colours.", "everywhere", shown=False),
    Action("palette", ("ctrl+p", "colon"), "palette", "Find an action by its name.", "everywhere",
           shown=False),
    Action("help", ("question_mark", "f1"), "help", "Show all keys.", "everywhere", symbol="?"),
    Action("leave", ("q",), "quit", "Leave; asks first while a run is running.", "everywhere"),
    Action("interrupt", ("ctrl+c",), "interrupt",
           "Ask whether to leave; pressed again: stop the run.", "everywhere",
           shown=False, priority=True),
    Action("suspend", ("ctrl+z",), "suspend", "Back to the shell for a while; `fg` returns.",
           "everywhere", shown=False, priority=True),
)  # fmt: skip
"""An id that stands in several scopes is one action done in each; it is remapped in all."""


def actions(*scopes: ActionScope) -> list[Action]:
    """The actions of some scopes, in the order of the registry."""
    return [action for action in ACTIONS if action.scope in scopes]


def actions_in(scope: ActionScope) -> list[Action]:
    """The actions of a scope, its own first, without those that hold everywhere."""
    return [action for part in (scope, *INCLUDED_SCOPES.get(scope, ())) for action in actions(part)]


def bindings(scope: ActionScope) -> list[BindingType]:
    """Bindings of one scope; their ids are the actions', so that keys can be remapped."""
    return [
        Binding(
            ",".join(action.keys),
            action.method.split(".", 1)[1],
            action.help,
            show=False,
            key_display=action.key,
            priority=action.priority,
            id=action.id,
        )
        for action in actions_in(scope)
    ]

"""All that can be done by key: the one place that bindings, footer, palette and help read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from textual.binding import Binding, BindingType

Where = Literal["everywhere", "live", "home", "summary"]


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
    where: Where
    shown: bool = True
    """In the footer."""
    symbol: str = ""
    """How the footer and the help write the first key, when not by its name."""
    priority: bool = False
    """True: holds even while a text is being typed."""

    @property
    def key(self) -> str:
        """The first key as people write it."""
        return self.symbol or self.keys[0]

    @property
    def method(self) -> str:
        """What Textual runs: the app's method, or the screen's."""
        return f"app.{self.id}" if self.where == "everywhere" else f"screen.{self.id}"


ACTIONS: tuple[Action, ...] = (
    Action("start", ("enter",), "start/open", "Start the plan or open the run.", "home"),
    Action("other_list", ("tab",), "plans/runs", "Go to the other list.", "home"),
    Action("refresh", ("r", "f5"), "refresh", "Look again for plans and runs.", "home"),
    Action("set_users", ("u",), "users", "Set the number of users.", "live"),
    Action(
        "more_users", ("plus", "+", "equals_sign"), "more", "One user more.", "live",
        shown=False, symbol="+",
    ),
    Action(
        "fewer_users", ("minus", "-"), "fewer", "One user fewer.", "live",
        shown=False, symbol="-",
    ),
    Action(
        "ten_more_users", ("greater_than_sign",), "10 more", "Ten users more.", "live",
        shown=False, symbol=">",
    ),
    Action(
        "ten_fewer_users", ("less_than_sign",), "10 fewer", "Ten users fewer.", "live",
        shown=False, symbol="<",
    ),
    Action("stop", ("s",), "stop", "End the run, in order or at once.", "live"),
    Action("detach", ("d",), "detach", "Leave this screen; the run goes on.", "live"),
    Action("mark", ("m",), "mark", "Put a note on the run's time line.", "live"),
    Action(
        "freeze", ("space",), "freeze", "Hold the display still; the run goes on.", "live",
    ),
    Action("sort", ("o",), "order", "Order the endpoints by the next column.", "live"),
    Action("scroll_down", ("down", "j"), "down", "Endpoints: one further down.", "live",
           shown=False, symbol="↓"),
    Action("scroll_up", ("up", "k"), "up", "Endpoints: one further up.", "live",
           shown=False, symbol="↑"),
    Action("page_down", ("pagedown",), "page down", "Endpoints: a page down.", "live",
           shown=False, symbol="PgDn"),
    Action("page_up", ("pageup",), "page up", "Endpoints: a page up.", "live",
           shown=False, symbol="PgUp"),
    Action("help", ("question_mark", "f1"), "help", "Show all keys.", "everywhere", symbol="?"),
    Action("palette", ("ctrl+p", "colon"), "palette", "Find an action by its name.", "everywhere",
           shown=False),
    Action("theme", ("T",), "theme", "Choose the colours.", "everywhere", shown=False),
    Action("leave", ("q",), "quit", "Leave; asks first while a run goes on.", "everywhere"),
    Action("interrupt", ("ctrl+c",), "interrupt",
           "Ask whether to leave; pressed again: stop the run.", "everywhere",
           shown=False, priority=True),
)  # fmt: skip


def actions(*where: Where) -> list[Action]:
    """The actions of some places, in the order of the registry."""
    return [action for action in ACTIONS if action.where in where]


def bindings(where: Where) -> list[BindingType]:
    """Bindings of one place; their ids are the actions', so that keys can be remapped."""
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
        for action in actions(where)
    ]

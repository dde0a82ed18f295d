"""Asks what to change of a plan before it is started."""

from __future__ import annotations

from collections.abc import Iterable

from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Input, Static

from loadtui.errors import UsageError
from loadtui.plan.model import SEVERAL_TARGETS
from loadtui.tui.cells.text import fit_width, one_line
from loadtui.tui.modals.form import FormDialog, form_field
from loadtui.tui.project.plan_edits import PlanEdits, StageEdits, check_edits
from loadtui.tui.project.plan_rows import PlanRow

_STAGES = "With other users or lengths it is another load, and not comparable with the baseline."
_OWN_LOAD = "Users, spawn rate and run time as for Locust; empty: what the locustfile says."


class StartForm(FormDialog[PlanEdits]):
    """Dismissed with the changes, which make sense by themselves."""

    def __init__(self, plan: PlanRow) -> None:
        super().__init__(
            f"Start {one_line(plan.name)} with changes",
            _STAGES if plan.stages else _OWN_LOAD,
            "start",
        )
        self._plan = plan

    def fields(self) -> Iterable[Widget]:
        plan = self._plan
        host = "" if plan.host == SEVERAL_TARGETS else plan.host
        yield form_field("host", host, "host", "as the plan or its user classes say")
        if plan.stages:
            yield Static(
                f"{'stage':<14}{'users':<18}{'users/s':<12}length", classes="head", markup=False
            )
            for number, stage in enumerate(plan.stages):
                yield _stage_line(number, stage)
        else:
            yield form_field("users", "", "users", "-u")
            yield form_field("users/s", "", "rate", "-r")
            yield form_field("run time", "", "time", "-t, such as 90 or 5m")
        yield form_field("time scale", "", "scale", "1; 0.05 makes every stage a twentieth as long")
        yield form_field("baseline", self._baseline(), "baseline", "none: the run is not compared")

    def answer(self) -> PlanEdits:
        plan = self._plan
        host = self.value_of("host")
        common = PlanEdits(
            host="" if host == plan.host else host,
            time_scale=self.value_of("scale"),
            baseline=self.value_of("baseline"),
        )
        if plan.stages:
            stages = tuple(
                StageEdits(
                    stage.name,
                    self.value_of(f"users-{number}"),
                    self.value_of(f"rate-{number}"),
                    self.value_of(f"length-{number}"),
                )
                for number, stage in enumerate(plan.stages)
            )
            edits = PlanEdits(
                host=common.host,
                stages=() if stages == plan.stages else stages,
                time_scale=common.time_scale,
                baseline=common.baseline,
            )
        else:
            edits = PlanEdits(
                host=common.host,
                users=self.value_of("users"),
                spawn_rate=self.value_of("rate"),
                run_time=self.value_of("time"),
                time_scale=common.time_scale,
                baseline=common.baseline,
            )
        try:
            return check_edits(edits)
        except UsageError as error:
            raise ValueError(str(error)) from None

    def _baseline(self) -> str:
        return self._plan.name if self._plan.known == "baseline" else ""


def _stage_line(number: int, stage: StageEdits) -> Horizontal:
    return Horizontal(
        Static(fit_width(one_line(stage.name), 14), classes="label", markup=False),
        Input(stage.users, id=f"users-{number}", classes="users", compact=True),
        Input(stage.spawn_rate, id=f"rate-{number}", classes="rate", compact=True),
        Input(stage.duration, id=f"length-{number}", classes="length", compact=True),
        classes="field",
    )

"""What the web API answers: the host of the run that is running, and what is known without one."""

from __future__ import annotations

from typing import Any

from loadtui.credential_patterns import without_users
from loadtui.errors import UsageError
from loadtui.known_secrets import hidden_by_command
from loadtui.web_api.resting_answers import RestingAnswers, json_answer, not_allowed, text_answer
from loadtui.web_api.swarm_form import SwarmForm, SwarmRefused, form_fields, swarm_form
from loadtui.web_api.swarmed_runs import SwarmedRuns
from loadtui.wire.http_exchange import HttpAnswer, HttpQuestion

_METHODS = {"/": ("GET",), "/swarm": ("POST",), "/stop": ("POST", "GET")}
"""Of paths that no host answers.  Older Locusts stopped with GET, as many scripts still do."""
RESET = "/stats/reset"
"""Likewise."""
_GREETING = (
    "Locust's web API, without a page: POST /swarm begins a run, /stop ends it, "
    "/stats/requests has its figures; `loadtui serve` shows runs in a browser\n"
)


class ApiAnswers:
    """Answers questions; any number of threads may ask."""

    def __init__(self, runs: SwarmedRuns, resting: RestingAnswers, stages: str = "") -> None:
        """Runs have their load from `stages`, in words, unless these are empty."""
        self._runs = runs
        self._resting = resting
        self._stages = stages
        self._form = SwarmForm()
        """What forms said before of the host and of options, which holds until another says
        otherwise."""

    def answer(self, question: HttpQuestion) -> HttpAnswer:
        methods = _METHODS.get(question.path)
        if methods is not None and question.method not in methods:
            return not_allowed(methods)
        match question.path:
            case "/":
                return text_answer("200 OK", _GREETING)
            case "/swarm":
                return self._swarm(question)
            case "/stop":
                self._runs.stop()
                return json_answer({"success": True, "message": "Test stopped"})
        if question.path == RESET and question.method == "GET":
            question.method = "POST"
        return self._statistics(question)

    def _statistics(self, question: HttpQuestion) -> HttpAnswer:
        try:
            answer = self._runs.ask(question)
        except TimeoutError:
            return text_answer("504 GATEWAY TIMEOUT", "the run's host did not answer in time\n")
        if answer is None:
            return self._resting.answer(question, self._runs.last)
        return self._resting.after_the_end(question, answer)

    def _swarm(self, question: HttpQuestion) -> HttpAnswer:
        told: dict[str, Any] = {}
        try:
            shape = self._resting.shape
            form = self._completed(question)
            change = None if shape or self._stages else form.swarm()
            self._runs.begin(form, change)
            self._resting.forget_reset()
            told["message"] = _begun(shape, self._stages)
            if change is not None and change.run_time_s:
                told["run_time"] = change.run_time_s
        except (SwarmRefused, UsageError) as refusal:
            told["message"] = hidden_by_command(str(refusal))
            told["success"] = False
        host = self._host()
        shown = None if host is None else without_users(host)
        return json_answer({"success": True, "host": shown, **told})

    def _host(self) -> str | None:
        """Base URL of all user classes, as the last form says, else as far as it is known."""
        if self._form.host is not None:
            return self._form.host
        try:
            return self._resting.host
        except UsageError:
            return None

    def _completed(self, question: HttpQuestion) -> SwarmForm:
        """The form that was sent, with what those before it said."""
        headers = {name.lower(): value for name, value in question.headers}
        form = swarm_form(form_fields(headers.get("content-type", ""), question.body))
        if form.host is not None:
            self._form.host = form.host
        self._form.options = form.options = self._form.options | form.options
        form.host = self._form.host
        return form


def _begun(shape: str | None, stages: str) -> str:
    if stages:
        return f"Swarming started using {stages}"
    return f"Swarming started using shape class '{shape}'" if shape else "Swarming started"

"""An OpenAI-compatible API gateway under chat traffic.

Runs with plain `locust -f scenarios/gateway.py -H URL` and with `loadtui run scenarios/gateway.py`.
Of the requests 70 % are chat completions, 20 % list the models and 10 % ask for the health.  Users
think for 2 to 5 seconds between requests, or as long as `--think A-B` says.  With OPENAI_API_KEY in
the environment it is sent as a bearer token.
"""

from __future__ import annotations

import argparse
import os
import random
import re
from typing import Any

from locust import FastHttpUser, events, task

THINK = "2-5"
MODEL = "gpt-4o-mini"
PROMPTS = (
    "Say hello in one short sentence.",
    "Name three prime numbers greater than ten.",
    "Summarise in one sentence what a load test is for.",
    "Translate 'good morning' into French, Korean and Swahili.",
    "What does HTTP status 503 mean?",
    "Give a synonym for the word 'quick'.",
)
RANGE = re.compile(r"(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)")


def think_range(text: str) -> tuple[float, float]:
    """Seconds (from, to) of a think time such as `2-5`; ArgumentTypeError for anything else."""
    match = RANGE.fullmatch(text.strip())
    if match is None:
        raise argparse.ArgumentTypeError(
            f"expected a range of seconds such as 2-5 or 0.1-0.3, got {text!r}"
        )
    low, high = float(match[1]), float(match[2])
    if low > high:
        raise argparse.ArgumentTypeError(
            f"the range {text!r} ends before it begins, write {high:g}-{low:g}"
        )
    return low, high


def checked_think(text: str) -> str:
    """The text itself when it is a think time, so that it travels to workers as a plain string."""
    think_range(text)
    return text


@events.init_command_line_parser.add_listener
def add_arguments(parser: Any) -> None:
    parser.add_argument(
        "--think",
        metavar="A-B",
        type=checked_think,
        default=THINK,
        help=f"Think time between two requests of a user, in seconds (default {THINK})",
    )


def complaint(answer: Any) -> str:
    """What is wrong with the decoded body of a chat completion; empty when it is whole."""
    try:
        content = answer["choices"][0]["message"]["content"]
    except (KeyError, IndexError, TypeError):
        return "no choices[0].message.content in the answer"
    return "" if content else "choices[0].message.content is empty"


class APIGatewayUser(FastHttpUser):
    """Somebody chatting through the gateway, whose client also polls models and health."""

    def __init__(self, environment: Any) -> None:
        super().__init__(environment)
        self.think = think_range(getattr(environment.parsed_options, "think", THINK))
        key = os.environ.get("OPENAI_API_KEY", "").strip()
        self.headers = {"Authorization": f"Bearer {key}"} if key else {}

    def wait_time(self) -> float:
        return random.uniform(*self.think)

    @task(70)
    def chat(self) -> None:
        body = {
            "model": MODEL,
            "messages": [{"role": "user", "content": random.choice(PROMPTS)}],
            "max_tokens": 64,
        }
        with self.client.post(
            "/v1/chat/completions", json=body, headers=self.headers, catch_response=True
        ) as response:
            if response.status_code != 200:
                return  # Locust reports it with its status
            try:
                wrong = complaint(response.json())
            except ValueError:
                wrong = "the answer is not JSON"
            if wrong:
                response.failure(wrong)

    @task(20)
    def models(self) -> None:
        self.client.get("/v1/models", headers=self.headers)

    @task(10)
    def health(self) -> None:
        self.client.get("/health")

"""An OpenAI-compatible API gateway under chat traffic.

Runs with plain `locust -f scenarios/gateway.py -H URL` and with `loadtui run scenarios/gateway.py`.
Of the requests 70 % are chat completions, half of them streamed, 20 % list the models and 10 % ask
for the health.  Users think for 2 to 5 seconds between requests, or as long as `--think A-B` says.
With OPENAI_API_KEY in the environment it is sent as a bearer token.
"""

from __future__ import annotations

import argparse
import random
from typing import Any

from locust import events, task

from loadtui.users import ChatUser, Thinking, offer_think

MODEL = "gpt-4o-mini"
STREAMED = 0.5
PROMPTS = (
    "Say hello in one short sentence.",
    "Name three prime numbers greater than ten.",
    "Summarise in one sentence what a load test is for.",
    "Translate 'good morning' into French, Korean and Swahili.",
    "What does HTTP status 503 mean?",
    "Give a synonym for the word 'quick'.",
)

offer_think()


def share(text: str) -> float:
    """A share such as `0.5`; ArgumentTypeError for anything else."""
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"expected a share between 0 and 1, got {text!r}")
    return value


@events.init_command_line_parser.add_listener
def add_arguments(parser: Any) -> None:
    parser.add_argument(
        "--model", default=MODEL, metavar="NAME", help=f"Model to chat with (default {MODEL})"
    )
    parser.add_argument(
        "--streamed",
        type=share,
        default=STREAMED,
        metavar="SHARE",
        help=f"Share of the chat completions that are streamed (default {STREAMED})",
    )


class APIGatewayUser(Thinking, ChatUser):
    """Somebody chatting through the gateway, whose client also polls models and health."""

    think = "2-5"

    def __init__(self, environment: Any) -> None:
        super().__init__(environment)
        self.model = getattr(environment.parsed_options, "model", MODEL)
        self.streamed = getattr(environment.parsed_options, "streamed", STREAMED)

    @task(70)
    def chat_completion(self) -> None:
        self.chat(random.choice(PROMPTS), stream=random.random() < self.streamed, max_tokens=64)

    @task(20)
    def models(self) -> None:
        self.client.get("/v1/models", headers=self.headers)

    @task(10)
    def health(self) -> None:
        self.client.get("/health")

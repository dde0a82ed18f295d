"""A retrieval service that is asked and fed at the same time.

Runs with plain `locust -f scenarios/rag.py -H URL` and with `loadtui run scenarios/rag.py`.  Of the
requests 70 % are queries and 30 % index a batch of documents.  Users think for 3 to 8 seconds
between requests, or as long as `--think A-B` says.  With RAG_API_KEY in the environment it is sent
as a bearer token.
"""

from __future__ import annotations

import random

from locust import task

from loadtui.users import RagUser, Thinking, offer_think

# What is asked and indexed is about Python; a service of your own may know of other things.
QUESTIONS = (
    "how do I read one member of a zip archive",
    "parse command line arguments with subcommands",
    "round a decimal number half up",
    "walk a directory tree and delete files",
    "send an email message over smtp",
    "compare two sequences of lines",
    "run a subprocess and capture its output",
    "wait for several coroutines at the same time",
    "what does a weak reference do when its object is gone",
    "measure how long a small piece of code takes",
)
TOPICS = ("archives", "arguments", "decimals", "directories", "email", "coroutines", "references")
BATCH = 4
DOCUMENTS = 400
"""Ids of indexed documents, used in turn: a bounded number, so that the store does not grow."""

offer_think()


class RAGServiceUser(Thinking, RagUser):
    """Somebody who asks, and now and then adds what the next one may ask for."""

    think = "3-8"

    @task(70)
    def ask(self) -> None:
        self.query(random.choice(QUESTIONS), top_k=5)

    @task(30)
    def add_documents(self) -> None:
        first = random.randrange(DOCUMENTS)
        self.index([document((first + step) % DOCUMENTS) for step in range(BATCH)])


def document(number: int) -> dict[str, str]:
    """The document of this number; the same at every call."""
    topic = TOPICS[number % len(TOPICS)]
    text = f"Note {number} on {topic}: what we learned about {topic} in Python, part {number % 9}."
    return {"id": f"note-{number}", "text": text}

"""A module of the file's own package."""

from dataclasses import dataclass


@dataclass
class Account:
    user: str
    password: str

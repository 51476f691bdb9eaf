"""E-mail addresses as a cell of the framework holds them."""

import re

ADDRESS = re.compile(r"[^@\s;,<>]+@[^@\s;,<>]+\.[^@\s;,<>.]+")


def addresses(text: str | None) -> list[str]:
    """The addresses in a text, divided by semicolons or commas."""
    return [part.strip() for part in re.split(r"[;,]", text or "") if part.strip()]


def is_address(text: str) -> bool:
    return ADDRESS.fullmatch(text) is not None

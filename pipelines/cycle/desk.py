"""What a job of the cycle works with: the workspace, the moment, the mail, and what it has to tell."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property, partial

from pipelines.contracts import read_contracts
from pipelines.cycle.done import done, mark
from pipelines.cycle.facts import Facts, Post, facts, last_known
from pipelines.mail.letters import Writer
from pipelines.mail.message import Mail
from pipelines.mail.outbox import Delivered, Outbox
from pipelines.mail.settings import MailSettings
from pipelines.mail.smtp import send
from pipelines.run.stages import NothingToDo
from pipelines.workspace import CONTRACTS, Workspace


@dataclass
class Desk:
    """One job's. `now` is the partnership's own time. `did` and `troubles` are sentences for people."""

    workspace: Workspace
    now: datetime
    mail: MailSettings = field(default_factory=MailSettings)
    did: list[str] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    _facts: Facts | None = None

    @property
    def today(self) -> date:
        return self.now.date()

    @property
    def facts(self) -> Facts:
        """The framework as it was when the job first asked, or since it was told to look again."""
        return self._facts or self.look_again()

    def look_again(self) -> Facts:
        """Take in what has come by now."""
        self._facts = facts(self.workspace, self.now)
        return self._facts

    def knows_the_framework(self) -> bool:
        """Whether the framework that came can be used; where it can't, that of the last run is gone by from now on."""
        try:
            self._facts = self.facts
        except NothingToDo:
            self._facts = last_known(self.workspace)
            return False
        return True

    @property
    def writer(self) -> Writer:
        settings = self.facts.settings
        return Writer(
            settings.get("partnership_name", "The partnership"), settings.get("partnership_contact", "")
        )

    @cached_property
    def outbox(self) -> Outbox:
        return Outbox(self.workspace)

    def is_done(self, key: str) -> bool:
        return key in done(self.workspace)

    def mark(self, key: str, said: str) -> None:
        mark(self.workspace, key, self.now, said)

    def write(self, mail: Mail) -> bool:
        """Put a message into the outbox; whether it is new."""
        return self.outbox.put(mail, self.mail.sender, self.now)

    def title(self, name: str) -> str:
        """What a return is called: by the framework, else by its contract."""
        contract = read_contracts(CONTRACTS).get(f"staging.{name}")
        return self.facts.settings.get(f"title_{name}") or (contract.title if contract else name)

    def tell_operator(self, what: str, sentences: Iterable[str]) -> bool:
        """A message to those who get word of failures; the same is told once a day. Whether it is new."""
        sentences = list(dict.fromkeys(sentences))
        digest = hashlib.sha256("\n".join([what, *sentences]).encode()).hexdigest()[:12]
        if not sentences:
            return False
        posts = self.facts.who_get("failures")
        if (
            not self.facts.days
        ):  # no run knew a framework yet: to the address that writes, or a file without one
            posts = [Post("operator", "whoever runs this", tuple(filter(None, [self.mail.sender])))]
        letters = [
            self.writer.failure(f"{self.today}|{digest}|{post.ref}", post.name, post.to, what, sentences)
            for post in posts
        ]
        return sum(map(self.write, letters)) > 0

    def deliver(self) -> Delivered:
        """Send what waits, if there is a server to send it; else it stays in the outbox as files."""
        if self.mail.smtp is None:
            return Delivered()
        return self.outbox.deliver(partial(send, self.mail.smtp, self.mail.sender), self.now)

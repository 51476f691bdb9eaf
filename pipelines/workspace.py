"""Where things are: one object with every path."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Workspace:
    """The folders of one partnership.

    `root` holds the data. Contracts and SQL are the project's own and lie beside the code, so that
    a workspace made by `lsp init` uses those of the installed project.
    """

    root: Path

    @property
    def raw(self) -> Path:
        """Files as received, one folder per quarter; never changed by us."""
        return self.root / "data" / "raw"

    @property
    def framework(self) -> Path:
        return self.raw / "framework"

    @property
    def inbox(self) -> Path:
        return self.raw / "inbox"

    @property
    def ledger(self) -> Path:
        """One line per file ever received; only ever added to."""
        return self.raw / "receipts.csv"

    @property
    def erased(self) -> Path:
        """The tombstones of files that were erased; only ever added to."""
        return self.raw / "erased.csv"

    @property
    def erased_copy(self) -> Path:
        """The same again, away from where people tidy up."""
        return self.archive / "erased.csv"

    @property
    def issued(self) -> Path:
        """A line for each pack that was issued and each quarter that was closed; only ever added to."""
        return self.raw / "issued.csv"

    @property
    def issued_copy(self) -> Path:
        """The same again, away from where people tidy up."""
        return self.archive / "issued.csv"

    @property
    def chain(self) -> Path:
        """The ledger's second copy, away from where people tidy up; each line carries the sum of all before it."""
        return self.archive / "ledger.csv"

    @property
    def archive(self) -> Path:
        """Every file ever received, named by its SHA-256."""
        return self.root / "data" / "archive"

    @property
    def marts(self) -> Path:
        return self.root / "data" / "marts"

    @property
    def published(self) -> Path:
        """The database that analysts open; replaced whole, never written to."""
        return self.marts / "lsp.duckdb"

    @property
    def waiting(self) -> Path:
        """A newer one that could not be put in its place yet, because somebody has that open."""
        return self.marts / "lsp.new.duckdb"

    @property
    def database(self) -> Path:
        """The newest marts there are."""
        return self.waiting if self.waiting.exists() else self.published

    @property
    def packs(self) -> Path:
        return self.root / "data" / "packs"

    @property
    def replies(self) -> Path:
        """The workbooks that go back to partners, one for each file received."""
        return self.root / "data" / "replies"

    @property
    def templates(self) -> Path:
        """The workbooks that partners fill in."""
        return self.root / "data" / "templates"

    @property
    def outbox(self) -> Path:
        """Mail as files: what waits, what went, and the ledger of both."""
        return self.root / "data" / "outbox"

    @property
    def mailbox(self) -> Path:
        """Which mails were taken in; only ever added to."""
        return self.root / "data" / "mailbox.jsonl"

    @property
    def logs(self) -> Path:
        """What each run did, a file for each."""
        return self.root / "data" / "logs"

    @property
    def cycle(self) -> Path:
        """What the quarterly cycle has done; only ever added to."""
        return self.root / "data" / "cycle.jsonl"

    @property
    def work(self) -> Path:
        """What a run builds before it is put in place; on the same disk as the marts."""
        return self.root / "data" / ".work"

    @property
    def memory(self) -> Path:
        """What a run need not work out again; may be deleted at any time."""
        return self.work / "memory"

    @property
    def prefect_home(self) -> Path:
        return self.root / "data" / ".prefect"

    def as_at(self, day: str) -> "AsAt":
        """The same workspace with outputs kept apart, for a run as things stood on `day`."""
        return AsAt(self.root, day)

    def template_file(self, quarter: str, partner: str) -> Path:
        return self.templates / quarter / f"{partner}.xlsx"

    def pack_file(self, quarter: str) -> Path:
        return self.packs / quarter / f"LSP_pack_{quarter}.xlsx"

    def public_file(self, quarter: str) -> Path:
        """The workbook of the public edition, beside the partners'."""
        return self.pack_file(quarter).with_name(f"LSP_pack_{quarter}_public.xlsx")

    def unprotected_file(self, quarter: str) -> Path:
        """Which small counts of the public edition can't be protected; there only where any can't. Never published."""
        return self.pack_file(quarter).with_name(f"LSP_pack_{quarter}_unprotected_counts.txt")

    def published_counts(self, quarter: str, version: int) -> Path:
        """The counts of a public pack that was issued, with those that it hides. Never published itself."""
        return self.archive / "counts" / f"LSP_pack_{quarter}_v{version}_public.counts.json"

    def web_file(self, quarter: str) -> Path:
        """The same pack as one page, beside the workbook."""
        return self.pack_file(quarter).with_suffix(".html")

    def manifest_file(self, quarter: str) -> Path:
        """What the pack beside it was made from."""
        return self.pack_file(quarter).with_suffix(".manifest.json")

    def manifests(self, quarter: str) -> Path:
        """The manifest of every pack of the quarter that was ever written here, a line each; only ever added to."""
        return self.packs / quarter / "manifests.jsonl"

    def version_folder(self, quarter: str, version: int) -> Path:
        """The files of a pack that was issued: written once, and never again."""
        return self.packs / quarter / f"v{version}"

    def version_file(self, quarter: str, version: int) -> Path:
        """The workbook of a pack that was issued."""
        return self.version_folder(quarter, version) / f"LSP_pack_{quarter}_v{version}.xlsx"

    def public_version_file(self, quarter: str, version: int) -> Path:
        """The workbook of its public edition."""
        return self.version_folder(quarter, version) / f"LSP_pack_{quarter}_v{version}_public.xlsx"

    def reply_file(self, quarter: str, name: str) -> Path:
        return self.replies / quarter / name


@dataclass(frozen=True)
class AsAt(Workspace):
    """Outputs of a run with an as-at date: they touch neither current marts nor issued packs."""

    day: str

    @property
    def until(self) -> date:
        return date.fromisoformat(self.day)

    @property
    def marts(self) -> Path:
        return self.root / "data" / "marts" / "as-at" / self.day

    def pack_file(self, quarter: str) -> Path:
        return self.packs / quarter / f"as-at-{self.day}" / f"LSP_pack_{quarter}.xlsx"

    def reply_file(self, quarter: str, name: str) -> Path:
        return self.replies / quarter / f"as-at-{self.day}" / name


CONTRACTS = HERE / "expectations"
SQL = HERE / "sql"
CODE = HERE / "pipelines"

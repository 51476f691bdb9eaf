"""The command `lsp`: it parses, calls and prints. No logic, and no heavy import before it is needed."""

import argparse
import sys
from collections.abc import Sequence
from datetime import date, datetime
from importlib import import_module
from pathlib import Path

from pipelines.commands.asked import Usage
from pipelines.commands.came_to import DONE, FAILED, WRONG_USAGE, in_words

EPILOG = """\
Exit code: 0 done (queries may be open, they are printed); 1 what was asked could not be made; 2 wrong usage;
3 done, but at least one file or row was refused. QUARTER is a financial year and quarter: 2004-05-Q1 is
April to June 2004."""


def parser() -> argparse.ArgumentParser:
    """Every command and option of `lsp`."""
    top = argparse.ArgumentParser(
        prog="lsp",
        description="Partner spreadsheets in, the quarterly partnership performance pack out.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("--version", action="store_true", help="print the version of the code and stop")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", title="commands")

    common = argparse.ArgumentParser(add_help=False)
    common.add_argument(
        "--root", type=Path, default=Path(), metavar="DIR", help="the workspace (default: here)"
    )
    common.add_argument("--debug", action="store_true", help="show where in the code a failure arose")
    dated = argparse.ArgumentParser(add_help=False)
    dated.add_argument(
        "--as-at",
        type=_day,
        metavar="DATE",
        help="as things were known by the end of this day, such as 2004-04-30 (default: everything received)",
    )

    def add(name: str, summary: str, *parents: argparse.ArgumentParser) -> argparse.ArgumentParser:
        return commands.add_parser(
            name, help=summary, description=summary[0].upper() + summary[1:] + ".", parents=[common, *parents]
        )

    run = add("run", "the main job: read, check, load, build the marts and write the pack", dated)
    run.add_argument("quarter", nargs="?", metavar="QUARTER", help="default: the newest received")
    run.add_argument("--no-prefect", action="store_true", help="run the same stages without Prefect")
    run.add_argument(
        "--without-returns", action="store_true", help="make its pack even where nobody sent anything"
    )

    status = add("status", "who has sent what, what is late, missing, refused or queried", dated)
    status.add_argument(
        "quarter",
        nargs="?",
        metavar="QUARTER",
        help="default: the one being collected, else the newest received",
    )
    status.add_argument("--history", action="store_true", help="every change of every return, with its day")
    status.add_argument("--format", choices=["table", "csv", "json"], default="table")

    pack = add("pack", "only the pack again, from the marts as they are", dated)
    pack.add_argument("quarter", nargs="?", metavar="QUARTER", help="default: the newest received")

    pack.add_argument(
        "--edition",
        choices=["partners", "public"],
        default="partners",
        help="which one's path is printed; both are made where the framework clears anything",
    )
    pack.add_argument("--pdf", action="store_true", help="its printed pages too, beside it (LibreOffice)")

    issue = add("issue", "make the draft of a quarter's pack final, and keep it under its version")
    issue.add_argument("quarter", metavar="QUARTER", help="whose pack")
    issue.add_argument("--reason", metavar="TEXT", help="why there is another version; its cover says it")
    close = add("close", "sign a quarter off with the pack that was issued; later changes are revisions")
    close.add_argument("quarter", metavar="QUARTER", help="which quarter")
    close.add_argument("--status", required=True, choices=["provisional", "final"])
    for signed in (issue, close):
        signed.add_argument("--by", required=True, metavar="NAME", help="who signs")
        signed.add_argument("--role", required=True, metavar="ROLE", help="in which post")

    query = add("query", "run SQL on the marts, read-only", dated)
    query.add_argument("sql", metavar="SQL", help="for example: select * from marts.floor_targets")
    query.add_argument("--format", choices=["table", "csv", "json"], default="table")

    export = add("export", "all marts as Parquet and CSV, with a dictionary and a data package", dated)
    export.add_argument(
        "--into", type=Path, metavar="DIR", help="where to write them (default: data/marts/export)"
    )

    trace = add("trace", "where a figure came from: file, sheet, cell, as typed, who and when", dated)
    trace.add_argument(
        "figure", metavar="FIGURE", help="a cell of the pack (FT_H4!E15), or mart:row_id:column"
    )
    trace.add_argument("--quarter", metavar="QUARTER", help="which quarter's pack (default: the newest)")
    trace.add_argument(
        "--version",
        type=int,
        dest="of_version",
        metavar="N",
        help="which version, as it was issued (default: the draft)",
    )
    trace.add_argument(
        "--edition", choices=["partners", "public"], default="partners", help="in which edition the cell is"
    )

    check = add("check", "what a run would say of files, before they are sent; the reply lies beside each")
    check.add_argument("files", type=Path, nargs="+", metavar="FILE")
    check.add_argument(
        "--from", dest="partner", metavar="PARTNER", help="who sends it, if the file does not say"
    )
    check.add_argument(
        "--quarter", metavar="QUARTER", help="which quarter it is for, if the file does not say"
    )
    check.add_argument(
        "--framework",
        type=Path,
        metavar="FILE",
        help="a framework workbook (default: the workspace's, if there is one)",
    )

    receive = add("receive", "take a file in, with its receipt")
    receive.add_argument("file", type=Path, metavar="FILE")
    receive.add_argument("--from", dest="partner", required=True, metavar="PARTNER", help="who sent it")
    receive.add_argument(
        "--quarter", metavar="QUARTER", help="which quarter it is for, if the file does not say"
    )
    receive.add_argument(
        "--instead",
        action="store_true",
        help="it counts as another partner's, which was wrong: it is this one's",
    )

    templates = add("templates", "each partner's return as a workbook to fill in")
    templates.add_argument("quarter", metavar="QUARTER", help="which quarter it is for")
    templates.add_argument("--partner", metavar="PARTNER", help="only this one's (default: everybody's)")
    learn = add("learn", "propose a layout for a partner's own workbook, to be read, corrected and saved")
    learn.add_argument("file", type=Path, metavar="FILE")
    learn.add_argument("--from", dest="partner", metavar="PARTNER", help="whose layout it is")
    learn.add_argument("--return", dest="return_name", metavar="RETURN", help="which return it answers")
    learn.add_argument(
        "--into", type=Path, metavar="XLSX", help="where to write it (default: layout_<file>.xlsx here)"
    )
    learn.add_argument("--save", action="store_true", help="put it with the framework at once")

    erase = add("erase", "remove a file's bytes and values for good; a tombstone says what, who and why")
    erase.add_argument("file", nargs="?", metavar="FILE", help="its name in the ledger, or its SHA-256")
    erase.add_argument("--reason", metavar="TEXT", help="why; the tombstone keeps it")
    erase.add_argument("--by", metavar="NAME", help="who decided it")
    erase.add_argument(
        "--due", action="store_true", help="all that the settings retention_months… no longer allow"
    )

    cycle = add(
        "cycle", "what the calendar says is due today, once: templates, intake, reminders, run, issue"
    )
    cycle.add_argument(
        "job", nargs="?", choices=["open", "intake", "remind", "run", "issue"], help="only this"
    )
    serve = add("serve", "do so by itself, on schedules, until it is stopped")
    doctor = add("doctor", "whether the next scheduled run will work; changes nothing")
    for server in (serve, doctor):
        server.add_argument("--port", type=int, default=4200, help="of the Prefect server on this machine")
    outbox = add("outbox", "the mail that waits and what became of it")
    outbox.add_argument("--show", action="store_true", help="each with its words and attachments")
    outbox.add_argument("--all", action="store_true", help="also what was sent")
    outbox.add_argument("--send", action="store_true", help="send what waits, now")
    for option, meaning in (
        ("--sent", "I sent these by hand"),
        ("--drop", "these are not to be sent any more"),
        ("--again", "send these again, which were given up or are in doubt"),
    ):
        outbox.add_argument(option, nargs="+", metavar="NAME", default=(), help=f"{meaning}; all: all such")

    add("verify", "prove that the ledger and the archive are as they were left; changes nothing")

    init = add("init", "make a new partnership's workspace")
    init.add_argument("directory", type=Path, metavar="DIR")
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit code. Failures are one plain sentence, unless --debug."""
    top = parser()
    options = top.parse_args(arguments)
    if options.version:
        from pipelines.identity import code_version

        print(code_version())
        return DONE
    if options.command is None:
        top.print_help()
        return WRONG_USAGE
    try:
        command = getattr(import_module(f"pipelines.commands.{options.command}"), options.command)
        return int(command(options))
    except KeyboardInterrupt:
        print(
            "lsp: stopped. Marts and packs are whole: each is either as it was or as this run made it.",
            file=sys.stderr,
        )
        return FAILED
    except BrokenPipeError:
        return FAILED
    except Usage as misuse:
        print(f"lsp: {misuse}", file=sys.stderr)
        return WRONG_USAGE
    except Exception as failure:
        if options.debug:
            raise
        print(f"lsp: {in_words(failure)}", file=sys.stderr)
        return FAILED


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a date such as {datetime.now():%Y-%m-%d}"
        ) from None


if __name__ == "__main__":
    sys.exit(main())

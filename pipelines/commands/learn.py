"""`lsp learn`."""

from argparse import Namespace
from pathlib import Path

from pipelines.commands.asked import Missing, Usage, workspace_of
from pipelines.commands.came_to import DONE


def learn(options: Namespace) -> int:
    """`lsp learn`: a layout proposed for a file, as a workbook to be read, corrected and put with the framework."""
    from pipelines.contracts import read_contracts
    from pipelines.learn import propose
    from pipelines.learn.book import write_proposals
    from pipelines.precheck import known_references
    from pipelines.workbook.reader import Reader
    from pipelines.workspace import CONTRACTS

    if not options.file.is_file():
        raise Usage(f"There is no file {options.file}.")
    contracts = read_contracts(CONTRACTS)
    returns = [c for c in contracts.values() if not c.is_framework]
    if options.return_name:
        returns = [c for c in returns if c.name == options.return_name]
        if not returns:
            names = ", ".join(c.name for c in contracts.values() if not c.is_framework)
            raise Usage(f"There is no return '{options.return_name}'. The returns are: {names}.")
    with Reader() as reader:
        book = reader.read(options.file, options.file.name)
    visible = [sheet for sheet in book.sheets if sheet.visibility == "visible" and sheet.cells]
    known, is_named = known_references(workspace_of(options)), bool(options.return_name)
    found = [propose(sheet, returns, known, is_named=is_named) for sheet in visible]
    proposals = [proposal for proposal in found if proposal]
    if not proposals:
        raise Missing(
            f"No line of {options.file.name} has two headings beside each other. Copy the table to a sheet of its own."
            if is_named
            else f"No line of {options.file.name} looks like the headings of a return. Name the return with --return, "
            "or copy the table to a sheet of its own."
        )
    folder = workspace_of(options).framework if options.save else Path()
    path = options.into or folder / f"layout_{options.file.stem}.xlsx"
    if path.exists():
        raise Usage(f"{path} is there already and was not changed. Name another place with --into.")
    path.parent.mkdir(parents=True, exist_ok=True)
    write_proposals(proposals, contracts, options.partner, options.file, path)
    for p in proposals:
        print(
            f"{p.sheet}: {p.contract.title}, headings from line {p.first_line + 1}, {p.known} of {len(p.columns)} known"
        )
        for column in p.columns:
            print(f"  {column.heading!r} {column.place} → {column.means or 'not known: fill it in'}")
    print(
        f"Written to {path}. Read it and correct the column Means"
        + (
            "; the next run uses it."
            if options.save
            else f", then put it into {workspace_of(options).framework}."
        )
    )
    return DONE

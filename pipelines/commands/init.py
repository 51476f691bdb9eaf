"""`lsp init`."""

from argparse import Namespace

from pipelines.commands.came_to import DONE
from pipelines.workspace import Workspace


def init(options: Namespace) -> int:
    """`lsp init`: a new workspace with a framework workbook to fill in."""
    from pipelines.contracts import read_contracts
    from pipelines.new import make_workspace
    from pipelines.workspace import CONTRACTS

    path = make_workspace(Workspace(options.directory), read_contracts(CONTRACTS))
    print(
        f"Made {options.directory}. Open {path}: its sheet 'Start' says what to fill in, in which order. Then:"
    )
    print(f"  lsp check {path} --root {options.directory}    what is still missing or wrong in it")
    print(f"  lsp templates 2026-27-Q1 --root {options.directory}    the returns for your own quarter")
    print(
        f"  lsp run --root {options.directory}    reads what came into data/raw/<quarter> and makes the pack"
    )
    return DONE

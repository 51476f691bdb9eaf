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
    print(f"Made {options.directory}. Fill in {path}, put the partners' files into data/raw/<quarter>, then:")
    print(f"  lsp run --root {options.directory}")
    return DONE

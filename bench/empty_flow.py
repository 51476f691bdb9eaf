"""An empty Prefect flow that also imports Great Expectations and pandas: the least that a run could take."""

import importlib

from prefect import flow


@flow
def empty_flow() -> None:
    """Nothing."""


if __name__ == "__main__":
    for library in ("great_expectations", "pandas"):
        importlib.import_module(library)
    empty_flow()

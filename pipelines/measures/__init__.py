"""The statistics: pure functions, arrays in, arrays out; and the measures of each series.

A module that has `READS` is a measure: it reads the series of the same name (sql/series/) as a frame
and gives a frame keyed by row_id, which becomes `measures.<name>`. The others hold the arithmetic.
"""

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

from pipelines.framework.measure_settings import SETTINGS

Framework = Mapping[str, pd.DataFrame]


@dataclass(frozen=True)
class Measure:
    """One measure: its name, the series it reads, what its columns mean, and the function itself."""

    name: str
    reads: str
    columns: Mapping[str, str]
    measure: Callable[[pd.DataFrame, Framework], pd.DataFrame]


def discover() -> list[Measure]:
    """Every measure in this folder, by name."""
    found = []
    for info in sorted(pkgutil.iter_modules(__path__), key=lambda info: info.name):
        module = importlib.import_module(f"{__name__}.{info.name}")
        if hasattr(module, "READS"):
            found.append(Measure(info.name, module.READS, module.COLUMNS, module.measure))
    return found


def setting(framework: Framework, name: str, usual: str | None = None) -> str:
    """A setting of the framework as text, else `usual`; KeyError with a sentence where there is neither."""
    settings = framework["settings"].set_index("setting_id")["value"]
    if name not in settings and usual is not None:
        return usual
    if name not in settings:
        raise KeyError(f"The framework's settings have no '{name}'.")
    return str(settings[name])


def chosen(framework: Framework, name: str) -> float:
    """A number of pipelines/framework/measure_settings.py: the framework's own where it has one, else the default."""
    settings = framework["settings"].set_index("setting_id")["value"]
    return float(settings.get(name, SETTINGS[name].default))

"""Everything that is not cleared taken out of a copy of what was received: things, words, names of people and files."""

import re
import unicodedata
from collections.abc import Mapping

import duckdb

from pipelines.contract import Contract
from pipelines.disclosure.clearance import Clearance

# Words of the framework that are notes to colleagues; its titles, wordings and sources are cleared with their thing.
FRAMEWORK_WORDS = {
    "targets": ("note",),
    "proxy_links": ("rationale",),
    "projects": ("exit_plan",),
    "actions": ("source",),
    "spend_bands": ("basis",),
    "breaks": ("reason", "source"),
}
# Whose judgement each kind is, in plain words; the body by its name only where `ratings.rated_by` is cleared.
JUDGES = {
    "own": "the partnership itself",
    "moderated": "those in the partnership who check its ratings",
    "official": "an official body outside the partnership",
    "commentary": "the manager responsible",
}
_JUDGE = " ".join(f"when '{kind}' then '{who}'" for kind, who in JUDGES.items())
# A judgement without its reason is no sentence, so these are said instead of what is not cleared, as SQL.
INSTEAD = {
    ("ratings", "reason"): "'The reason is not published.'",
    ("ratings", "rated_by"): f"case kind {_JUDGE} end",
}
# Sheets and columns of the framework that only the office needs
EMPTIED = ("waivers", "corrections", "layouts", "layout_columns", "recipients")
BLANKED = (
    ("partners", "also_known_as"), ("partners", "contact"), ("partners", "email"),
    ("withdrawals", "asked_by"), ("withdrawals", "reason"), ("clearances", "clearance_note"),
)  # fmt: skip
SETTINGS_OF_WORDS = (
    "home_area", "partnership_name", "plan_name", "target_name", "rating_order", "element_rule", "outlook_methods",
)  # fmt: skip
# Numbers in digits of any script, in words however spelt, and what counts without naming one. "A child was hurt" is
# left to whoever clears the column.
_ONES = "one|two|three|four|five|six|seven|eight|nine"
_TENS = "(twent|thirt|fou?rt|fift|sixt|sevent|eigh?t|ninet)(y|ies)"
_NUMBERS = (
    f"{_ONES}|ten|eleven|twelve|[a-z]+teen|{_TENS}({_ONES})?|hundred|thousand|million|dozen|score|percent|per cent",
    "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|[a-z]+(teen|tie|red)th",
    "zero|nil|no|none|nobody|single|sole|lone|solitary|both|either|neither|pair|couple|twin|trio|triplet|quartet",
    "few|handful|several|half|halves|halved|halving|once|twice|thrice|(doubl|tripl|trebl|quadrupl)(e|ed|ing)|[a-z]+fold",
)
_NUMBER_IN_WORDS = re.compile(rf"\b({'|'.join(_NUMBERS)})s?\b")
_NUMERALS = frozenset({"Nd", "Nl", "No"})  # 3, Ⅲ, ½: what Unicode calls a number


def says_a_number(words: str) -> bool:
    """Whether words may tell a number, in digits of any script or in words, whatever signs are among its letters."""
    plain = unicodedata.normalize("NFKD", words).casefold()
    plain = "".join(sign for sign in plain if unicodedata.category(sign) not in ("Cf", "Mn"))
    has_numeral = any(unicodedata.category(sign) in _NUMERALS for sign in words + plain)
    return has_numeral or _NUMBER_IN_WORDS.search(plain) is not None


def clear(
    connection: duckdb.DuckDBPyConnection, clearance: Clearance, contracts: Mapping[str, Contract]
) -> None:
    """Leave of the loaded tables what is cleared."""
    _things(connection, clearance)
    clear_words(connection, clearance, contracts)
    _settings(connection, clearance)
    _files_and_people(connection)


def _things(connection: duckdb.DuckDBPyConnection, clearance: Clearance) -> None:
    def keep(kind: str, table: str, *columns: str) -> list[str]:
        rows = connection.execute(
            f"select distinct {', '.join(columns)} from framework.received_{table}"
        ).fetchall()
        return sorted({str(row[0]) for row in rows if clearance.is_public(kind, *row)})

    kept = {
        "target_id": keep("target", "targets", "target_id", "parent_id"),
        "indicator_id": keep("proxy", "indicators", "indicator_id"),
        "project_id": keep("project", "projects", "project_id"),
        "action_id": keep("action", "actions", "action_id", "parent_id", "criterion_id"),
        "element_id": keep("element", "elements", "element_id"),
    }
    tables = {
        "target_id": ("framework.received_targets", "framework.received_milestones", "framework.received_proxy_links",
                      "staging.received_floor_targets"),
        "indicator_id": ("framework.received_indicators", "framework.received_proxy_links",
                         "staging.received_proxy_indicators"),
        "project_id": ("framework.received_projects", "framework.received_project_targets",
                       "staging.received_nrf_spend"),
        "action_id": ("framework.received_actions", "staging.received_improvement_plan"),
        "element_id": ("framework.received_elements",),
    }  # fmt: skip
    for column, names in tables.items():
        for name in names:
            connection.execute(f"delete from {name} where not list_contains($1, {column})", [kept[column]])
    connection.execute(
        "delete from framework.received_breaks where not list_contains($1, series_id)",
        [kept["target_id"] + kept["indicator_id"]],
    )
    for table in ("parent_targets", "project_targets"):
        connection.execute(
            f"delete from framework.received_{table} "
            "where parent_id not in (select parent_id from framework.received_targets)"
        )
    connection.execute(
        "delete from framework.received_actions where strand = 'delivery' "
        "and parent_id not in (select parent_id from framework.received_targets)"
    )
    # the whole programme's money is more than that of the projects that are cleared
    connection.execute("delete from staging.received_nrf_programme")
    if not clearance.is_public("element", "overall"):
        connection.execute("delete from staging.received_ratings where lower(trim(subject)) = 'overall'")


def clear_words(
    connection: duckdb.DuckDBPyConnection, clearance: Clearance, contracts: Mapping[str, Contract]
) -> None:
    """Of columns of words only those that are cleared, without what tells a number; what is said instead of others."""
    for contract in contracts.values():
        if contract.is_framework:
            names: tuple[str, ...] = FRAMEWORK_WORDS.get(contract.name, ())
        else:
            words = (one for one in contract.columns if one.type == "text" and not one.refers_to)
            names = tuple(one.name for one in words if one.name not in contract.key)
        table = f"{contract.schema}.received_{contract.name}"
        for name in names:
            instead = INSTEAD.get((contract.name, name), "null")
            if not clearance.is_text_public(contract.name, name):
                connection.execute(f"update {table} set {name} = {instead} where {name} is not null")
            elif name != "output_measure":
                # words that hold a number may say what is hidden or rounded beside them
                said = connection.execute(
                    f"select distinct {name} from {table} where {name} is not null"
                ).fetchall()
                gone = [words for (words,) in said if says_a_number(words)]
                connection.execute(
                    f"update {table} set {name} = {instead} where list_contains($1, {name})", [gone]
                )


def _settings(connection: duckdb.DuckDBPyConnection, clearance: Clearance) -> None:
    """Numbers, and the names that the pack can't do without; contact and cover note only where they are cleared."""
    named = [*SETTINGS_OF_WORDS, *(
        name for name in ("partnership_contact", "cover_note") if clearance.is_text_public("settings", name)
    )]  # fmt: skip
    connection.execute(
        "delete from framework.received_settings where try_cast(value as double) is null "
        "and not list_contains($1, setting_id) and not starts_with(setting_id, 'title_')",
        [named],
    )
    connection.execute("update framework.received_settings set meaning = '', basis = null")


def _files_and_people(connection: duckdb.DuckDBPyConnection) -> None:
    for statement in (
        "update staging.files set file_name = '', sha256 = '', received_from = null, reason = null",
        "update staging.submissions set file_name = '', sha256 = ''",
        "update staging.row_cells set sheet = '', cell = '', as_typed = '', correction = null, read_as = null",
        "update staging.signed set signed_by = null, reason = null",
        "delete from staging.cells",
        "delete from staging.findings",
        "delete from staging.answers",
        "delete from staging.sheets",
        # a figure is queried for its size: one that is hidden, or that stands beside it, would be told by it
        "update staging.submissions set rows_queried = 0",
    ):
        connection.execute(statement)
    for (table,) in connection.execute(
        "select table_name from duckdb_columns() where database_name = current_database() "
        "and schema_name = 'staging' and column_name = 'is_queried' and starts_with(table_name, 'received_')"
    ).fetchall():
        connection.execute(f"update staging.{table} set is_queried = false")
    there = {
        (table.removeprefix("received_"), column)
        for table, column in connection.execute(
            "select table_name, column_name from duckdb_columns() where schema_name = 'framework' "
            "and database_name = current_database() and starts_with(table_name, 'received_')"
        ).fetchall()
    }
    for table in EMPTIED:
        if table in {name for name, _ in there}:
            connection.execute(f"delete from framework.received_{table}")
    for table, column in BLANKED:
        if (table, column) in there:
            connection.execute(f"update framework.received_{table} set {column} = null")

"""`lsp status`."""

from argparse import Namespace

from pipelines.commands.asked import Missing, check_quarter, need, outputs_of
from pipelines.commands.came_to import DONE
from pipelines.commands.database import print_as, print_table, select

COLUMNS = (
    "partner", "return", "state", "due", "received", "days_late", "rows_read", "rows_refused", "queried", "file",
)  # fmt: skip
HISTORY = """
select
    strftime(changed_at, '%Y-%m-%d %H:%M') as changed, coalesce(partner_title, partner) as partner, return, state,
    days_late, said
from marts.return_history where quarter = $quarter order by partner, return, changed_at, row_id
"""


def status(options: Namespace) -> int:
    """`lsp status`: the state of every expected return of a quarter."""
    from pipelines.framework.clock import now
    from pipelines.pack.words import STANDING
    from pipelines.run.stages import newest_quarter
    from pipelines.run.standing import being_collected, standings
    from pipelines.summary import NOTHING_STANDS, sentence

    check_quarter(options.quarter)
    database = need(outputs_of(options).database)
    _, ((as_at,),) = select(database, "select as_at from marts.about", {})
    # what the marts know of may be dated after today by the partnership's clock
    today = options.as_at or max(now(outputs_of(options)).date(), as_at)
    quarter = (
        options.quarter or being_collected(outputs_of(options), today) or newest_quarter(outputs_of(options))
    )
    if options.history:
        names, rows = select(database, HISTORY, {"quarter": quarter})
        print_as(options.format, names, rows)
        return DONE
    found = standings(outputs_of(options), quarter, today)
    rows = [
        (
            *(one.partner_title, one.return_name, one.state, one.due_on),
            one.received_at.date() if one.received_at else None,
            *(one.days_late, one.rows_read, one.rows_refused, one.rows_queried, one.file_name),
        )
        for one in found
    ]
    if not rows:
        raise Missing(
            f"There is nothing for {quarter}. 'lsp query \"select * from marts.calendar\"' lists the quarters."
        )
    if options.format != "table":
        print_as(options.format, COLUMNS, rows)
        return DONE
    print(f"Returns for {quarter}")
    print_table(COLUMNS, rows)
    _, erased = select(
        database,
        """
        select distinct returns.file_name, inputs.became
        from marts.returns as returns inner join marts.inputs as inputs on returns.sha256 = inputs.sha256
        where returns.quarter = $quarter and returns.state = 'erased' order by all
        """,
        {"quarter": quarter},
    )
    for file_name, became in erased:
        print(f"Erased: {file_name} was {became}")
    if not any(state in STANDING for _, _, state, *_ in rows):
        print(NOTHING_STANDS.format(quarter=quarter))
    names, rows = select(
        database,
        """
        select consequence, file_name as file, sheet, cell, as_typed, because from marts.findings
        where is_open and (quarter = $quarter or quarter is null) and consequence <> 'note'
        order by consequence desc, file, sheet, row_id
        """,
        {"quarter": quarter},
    )
    for consequence, file_name, sheet, cell, as_typed, because in rows:
        what = {"refuse": "Refused", "query": "Queried"}[consequence]
        print(f"{what}: {sentence(file_name, sheet, cell, as_typed, because)}")
    _, rows = select(
        database,
        """
        select file_name, sheet, cell, as_typed, settled from marts.findings
        where quarter = $quarter and settled is not null and settled_by <> 'later submission'
        order by file_name, sheet, row_id
        """,
        {"quarter": quarter},
    )
    for file_name, sheet, cell, as_typed, settled in rows:
        print(f"Settled: {sentence(file_name, sheet, cell, as_typed, settled)}")
    return DONE

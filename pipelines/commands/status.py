"""`lsp status`."""

from argparse import Namespace

from pipelines.commands.asked import Missing, check_quarter, need, outputs_of
from pipelines.commands.came_to import DONE
from pipelines.commands.database import print_table, select


def status(options: Namespace) -> int:
    """`lsp status`: the state of every expected return of a quarter."""
    from pipelines.pack.words import STANDING
    from pipelines.stages import newest_quarter
    from pipelines.summary import NOTHING_STANDS, sentence

    check_quarter(options.quarter)
    database = need(outputs_of(options).database)
    quarter = options.quarter or newest_quarter(outputs_of(options))
    names, rows = select(
        database,
        """
        select
            partner_title as partner, return, state, due_on as due, cast(received_at as date) as received,
            days_late, rows_read, rows_refused, rows_queried as queried, file_name as file
        from marts.returns where quarter = $quarter order by partner, return
        """,
        {"quarter": quarter},
    )
    if not rows:
        raise Missing(
            f"There is nothing for {quarter}. 'lsp query \"select * from marts.calendar\"' lists the quarters."
        )
    print(f"Returns for {quarter}")
    print_table(names, rows)
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

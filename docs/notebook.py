# A marimo notebook, from a question to a chart. Open it with: marimo edit docs/notebook.py
import marimo

app = marimo.App(width="medium")


@app.cell
def _():
    import os

    import altair
    import duckdb
    import marimo as mo

    return altair, duckdb, mo, os


@app.cell
def _(mo):
    mo.md(
        """
        # How far behind are we, and is the gap closing?

        The marts are opened read-only: a run that goes on meanwhile is not disturbed, and replaces the file when it is
        done. Close the connection and open it again to see the new one.
        """
    )


@app.cell
def _(duckdb, os):
    database = os.environ.get("LSP_DATABASE", "data/marts/lsp.duckdb")
    with duckdb.connect(database, read_only=True) as connection:
        about = connection.execute("select as_at, newest_quarter from marts.about").df()
        series = connection.execute(
            """
            select series.target_id, targets.title, targets.unit, series.period_end, series.value,
                series.trajectory_value, series.comparator_value
            from marts.target_series as series
            inner join marts.floor_targets as targets on series.target_id = targets.target_id
            inner join marts.about as about on targets.quarter = about.newest_quarter
            where series.value is not null
            order by series.target_id, series.period_end
            """
        ).df()
    return about, series


@app.cell
def _(about, mo, series):
    mo.md(
        f"""
        As at {about.as_at[0]:%d %b %Y}, the newest quarter being {about.newest_quarter[0]}, the marts hold
        {len(series)} values of {series.target_id.nunique()} targets. The one with most of them:
        """
    )


@app.cell
def _(series):
    longest = series.target_id.value_counts().sort_index(kind="stable").idxmax()
    shown = series[series.target_id == longest]
    long = shown.melt(
        ["period_end"], ["value", "trajectory_value", "comparator_value"], "what", "figure"
    ).dropna()
    return long, longest, shown


@app.cell
def _(altair, long, shown):
    title = f"{shown.title.iloc[0]}, {shown.unit.iloc[0]}"
    chart = (
        altair.Chart(long, title=title)
        .mark_line(point=True)
        .encode(
            x=altair.X("period_end:T", title="End of the period"),
            y=altair.Y("figure:Q", title=None, scale=altair.Scale(zero=False)),
            color=altair.Color("what:N", title=None),
        )
    )
    chart  # noqa: B018 (marimo shows the last line of a cell)
    return (chart,)


if __name__ == "__main__":
    app.run()

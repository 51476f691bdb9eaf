"""`lsp trace`."""

from argparse import Namespace

from pipelines.commands.asked import Missing, check_quarter, need, outputs_of
from pipelines.commands.came_to import DONE


def trace(options: Namespace) -> int:
    """`lsp trace`: the chain of a figure back to the partner's cell."""
    from pipelines.issued import CLOSED, latest, read_record
    from pipelines.run.stages import newest_quarter
    from pipelines.trace import trace as chain

    check_quarter(options.quarter)
    outputs = outputs_of(options)
    need(outputs.database)
    quarter = options.quarter or newest_quarter(outputs)
    partners, public = outputs.pack_file(quarter), outputs.public_file(quarter)
    # no run makes the draft of a closed quarter again
    closed = None if options.as_at else latest(read_record(outputs), quarter, CLOSED)
    if version := options.of_version or (closed.version if closed else 0):
        partners = outputs.version_file(quarter, version)
        public = outputs.public_version_file(quarter, version)
    pack = public if options.edition == "public" else partners
    if not pack.exists() and pack != outputs.pack_file(quarter):
        which = f"version {version} of the pack" if version else "pack"
        edition = ", public edition" if options.edition == "public" else ""
        raise Missing(f"There is no {which} of {quarter}{edition}: {pack} is not there.")
    print("\n".join(chain(options.figure, outputs.database, pack, partners)))
    return DONE

"""`lsp check`."""

from argparse import Namespace

from pipelines.commands.asked import Usage, check_quarter, workspace_of
from pipelines.commands.came_to import DONE, WITH_REFUSALS


def check(options: Namespace) -> int:
    """`lsp check`: what a run would say of files, with the reply beside each. Nothing is taken in."""
    check_quarter(options.quarter)
    for path in (*options.files, *([options.framework] if options.framework else [])):
        if not path.is_file():
            raise Usage(
                f"{path} is a folder. Name the files in it." if path.is_dir() else f"There is no file {path}."
            )
    from pipelines.precheck import check_files, framework_asked_about
    from pipelines.reply.wording import AT_A_TERMINAL, MUST_FIX

    workspace = workspace_of(options)
    files = [path for path in options.files if path.resolve().parent != workspace.framework.resolve()]
    came_to = DONE
    if len(files) < len(options.files):
        asked = framework_asked_about(workspace)
        if any(is_refused for is_refused, _ in asked):
            came_to = WITH_REFUSALS
            print("The framework can be used, without what is refused of it:")
        else:
            print(
                f"The framework can be used{'. To look at:' if asked else ', and nothing is asked about it.'}"
            )
        for is_refused, sentence in asked:
            print(f"  {'Refused' if is_refused else 'Queried'}: {sentence}")
    if not files:
        return came_to
    checked, told = check_files(files, workspace, options.framework, options.partner, options.quarter)
    for sentence in told:
        print(sentence)
    for one in checked:
        print(f"{one.path.name}: {one.reply.in_words}. {one.because or f'Reply: {one.reply_path}'}")
        for query in one.reply.queries:
            place = ", ".join(
                part for part in (query.sheet and f"sheet '{query.sheet}'", query.cells) if part
            )
            sent = f" ({query.sent})" if query.sent else ""
            if query.is_closed:
                print(f"  Settled: {place}{sent}: {query.status}")
                continue
            fix = AT_A_TERMINAL.get(query.fix, query.fix)
            print(f"  {query.severity}{': ' if place else ''}{place}{sent}: {query.expected} {fix}")
        if one.reply.rest:
            print(f"  and {sum(one.reply.rest.values())} more.")
    return WITH_REFUSALS if any(one.reply.count(MUST_FIX) for one in checked) else came_to

"""How a command ended: its exit code, or the sentence of why it failed."""

DONE, FAILED, WRONG_USAGE, WITH_REFUSALS = 0, 1, 2, 3


def in_words(failure: Exception) -> str:
    """A failure as one sentence: ours carry one, for others the kind of fault and how to see more."""
    ours = type(failure).__module__.startswith("pipelines")
    if ours and not isinstance(failure, AssertionError):
        return str(failure)
    if isinstance(failure, OSError) and failure.strerror:
        return (
            f"{failure.filename or 'A file of the workspace'} can't be used ({failure.strerror}). Check that there is "
            "room, that you may write there and that no other program has it open; then run again."
        )
    if type(failure).__module__ == "_duckdb":
        return f"The database says: {str(failure).splitlines()[0]}"
    return (
        f"{type(failure).__name__}: {failure}. This is a fault of the pipeline; --debug shows where it arose."
    )

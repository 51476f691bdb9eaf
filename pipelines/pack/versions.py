"""What a pack says of how it stands: draft or final, which version, who issued and who closed what."""

from pipelines.pack.model import Block, Heading, Paragraph
from pipelines.pack.read import Marts, Row
from pipelines.pack.words import counted, day, mark, sentence


def versions(marts: Marts, quarter: str) -> list[Row]:
    """The versions of a quarter's pack that were issued, oldest first."""
    return marts.rows("issues", quarter=quarter, order=("version",))


def status_lines(marts: Marts, quarter: str) -> list[str]:
    """The sentences that say whether this pack is final, and which version it is."""
    standing = marts.standing
    issued = versions(marts, quarter)
    number = len(issued) + 1
    last = issued[-1] if issued else None
    if standing.issue:
        by = signature(standing.issue.by, standing.issue.role)
        lines = [f"Status: FINAL, version {number}, issued on {day(standing.issue.at)} by {by}."]
    elif last is None:
        return ["Status: DRAFT."]
    else:
        lines = [f"Status: DRAFT of version {number}. {sentence(issued_words(last))}"]
    if last is None:
        return lines
    if standing.issue:
        lines.append(f"It takes the place of version {last['version']} of {day(last['issued_at'])}.")
        if standing.issue.reason:
            lines.append(f"Why: {sentence(standing.issue.reason)}")
    if standing.changes is None and marts.is_public:
        return lines
    if standing.changes is None:
        lines.append(
            f"What version {last['version']} showed is not kept here, so what differs can't be said."
        )
    else:
        many = counted(len(standing.changes), "figure differs", "figures differ")
        lines.append(
            f"{many[:1].upper()}{many[1:]} from version {last['version']}"
            + (": Revisions lists them." if standing.changes else ".")
        )
    return lines


def pack_before(marts: Marts, quarter: str) -> list[str]:
    """A sentence on the last pack of an earlier quarter, where one was issued."""
    earlier = [row for row in marts.rows("issues", order=("quarter", "version")) if row["quarter"] < quarter]
    return [f"The pack before, of {row['label']}: {issued_words(row)}" for row in earlier[-1:]]


def issued_words(row: Row) -> str:
    """version 1 was issued on 27 Jul 2004 by …, and closed as final on … by …."""
    by = signature(row["issued_by"], row["issued_role"])
    closed = ""
    if row["status"]:
        signed = signature(row["closed_by"], row["closed_role"])
        closed = f", and the quarter closed with it as {row['status']} on {day(row['closed_at'])} by {signed}"
    return f"version {row['version']} was issued on {day(row['issued_at'])} by {by}{closed}."


def signature(by: str | None, role: str) -> str:
    """Who signed; the public edition has the post alone."""
    return f"{by}, {role}" if by else f"the {role}"


def public_words(marts: Marts) -> list[Block]:
    """What a reader of the public edition must know of it; nothing in the partners'."""
    if not marts.is_public:
        return []
    return [
        Heading("Public edition"),
        Paragraph(
            "It holds what has been cleared for publication, and totals cover that alone. Small counts are not shown "
            f"({mark('c')}), nor are others from which they could be worked out; the rest are rounded, and all else is "
            "made from these. Notes give the rule."
        ),
    ]

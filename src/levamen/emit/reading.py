"""What of a record did not come in, in words: the same for a plan and for the night check."""

from __future__ import annotations

from levamen.adapters.balance import Balance, Issue


def unread_words(balance: Balance, answer: str) -> str:
    """`2 entries of the record could not be read and are not in this plan`, `answer` being `this plan`.

    Empty where every entry was read.
    """
    if not balance.rejected:
        return ""
    are = "is" if balance.rejected == 1 else "are"
    return f"{_entries(balance.rejected)} of the record could not be read and {are} not in {answer}"


def unread(balance: Balance) -> tuple[Issue, ...]:
    """What was rejected: where it stands, what is wrong, what would be right. A bundle tells the same fault once."""
    return tuple(issue for issue in balance.issues if issue.fate == "rejected")


def left_out_words(balance: Balance) -> str:
    """How many entries could be read but hold nothing that counts; empty where there are none."""
    if not balance.ignored:
        return ""
    was, them = ("was", "it") if balance.ignored == 1 else ("were", "them")
    return (
        f"{_entries(balance.ignored)} of the record {was} left out because nothing in {them} is used; "
        f"levamen chart validate says why."
    )


def remarks_words(balance: Balance) -> str:
    """How many remarks there are on what was read, such as a field that was left out; empty where there are none."""
    count = sum(issue.fate == "warning" for issue in balance.issues)
    if not count:
        return ""
    remarks, them = ("remark", "it") if count == 1 else ("remarks", "them")
    return f"{count} {remarks} on what was read; levamen chart validate shows {them}."


def _entries(count: int) -> str:
    return f"{count} entr{'y' if count == 1 else 'ies'}"

"""The balance of an import as a page shows it: every item accounted for, the reasons grouped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from msgspec import Struct

from levamen.adapters.balance import Balance
from levamen.emit.words import capital, dates_in_words

_MOST = 12
FATES = {"rejected": "Rejected", "ignored": "Ignored", "warning": "Accepted, with a remark"}


class Reason(Struct, frozen=True, kw_only=True):
    """One reason, how many items it befell, and where the first of them stand."""

    fate: str
    says: str
    count: int
    where: tuple[str, ...]


class BalanceView(Struct, frozen=True, kw_only=True):
    """`says` is the first sentence."""

    items: int
    accepted: int
    ignored: int
    rejected: int
    reasons: tuple[Reason, ...]

    @property
    def says(self) -> str:
        lost = self.ignored + self.rejected
        if not lost:
            return f"All {self.items} items can be used."
        return f"{lost} of {self.items} items are not used; each has its reason."


def balance_view(balance: Balance) -> BalanceView:
    """The reasons, the gravest first; the same reason is said once with its places."""
    issues = [(issue.fate, issue.where, issue.what) for issue in balance.issues]
    return view_of(balance.items, balance.accepted, balance.ignored, balance.rejected, issues)


def view_of(
    items: int, accepted: int, ignored: int, rejected: int, issues: Sequence[tuple[str, str, str]]
) -> BalanceView:
    """The same from what was kept with a referral."""
    counted = Counter((fate, what) for fate, _, what in issues)
    places: dict[tuple[str, str], list[str]] = {}
    for fate, where, what in issues:
        places.setdefault((fate, what), []).append(where)
    order = list(FATES)
    reasons = sorted(counted, key=lambda key: (order.index(key[0]), -counted[key]))
    return BalanceView(
        items=items,
        accepted=accepted,
        ignored=ignored,
        rejected=rejected,
        reasons=tuple(
            Reason(
                fate=FATES[fate],
                says=capital(dates_in_words(what)),
                count=counted[fate, what],
                where=tuple(places[fate, what][:_MOST]),
            )
            for fate, what in reasons
        ),
    )

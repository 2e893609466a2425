"""The night check as text, page, paper and JSON: nothing cut off, nothing fetched, everything escaped."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path

import jsonschema
import plans
import pytest
from msgspec.structs import replace

from levamen.adapters.balance import Balance, Issue
from levamen.adapters.procedure_list import Skipped
from levamen.criteria.nodes import Cite
from levamen.emit.night import text
from levamen.emit.night_json import encode
from levamen.emit.night_page import page, paper
from levamen.emit.night_view import (
    NO_STOP,
    NOT_RUN,
    NOTHING,
    UNKNOWN_STOPS,
    Examined,
    NightCheck,
    left_words,
    owner_words,
)
from levamen.emit.terminal import Look
from levamen.knowledge.night_order import packaged_night_order
from levamen.pathway.night_check import Finding, PatientNight, Stop, night

ROOT = Path(__file__).parents[3]
SCHEMA = json.loads((ROOT / "schemas" / "night-check-1.schema.json").read_text(encoding="utf-8"))
NASTY = "<script>alert('1')</script>\x1b[31m\u202e&\"{{7*7}}"
SKIPPED = Skipped(
    place="line 9", why="tomorrow.csv, line 9: the chart x.yaml is not there", chart="x.yaml", request="R"
)
WHOLE = Balance(items=9, accepted=9, ignored=0, rejected=0)
EVENING = plans.local(plans.NEW_YORK, 2026, 3, 23, 20, 0)


def nights() -> tuple[PatientNight, ...]:
    return tuple(night(make(), None, EVENING, owner="Kim", reviewed=date(2026, 3, 9)) for make in plans.PLANS.values())


def check(held: tuple[PatientNight, ...], *skipped: Skipped) -> NightCheck:
    return NightCheck(
        list="tomorrow.csv",
        examined=tuple(
            Examined(night=row, place=f"line {n}", chart=f"{n}.yaml", balance=WHOLE) for n, row in enumerate(held, 2)
        ),
        skipped=skipped,
        order=packaged_night_order(),
        profiles=("asra-pain-2018",),
        privileges=False,
        knowledge="0123456789abcdef",
        knowledge_date=date(2026, 11, 21),
    )


def full(stops: int, others: int) -> PatientNight:
    """A patient with a number of stops and of other findings, each with its own name."""
    cite = (Cite("ACC-2016-DAPT", "table", "secondary"),)
    made = nights()[0]
    findings = tuple(
        Finding(
            rank="unknown", what=f"Finding {n}.", why="why", role="nurse", who="Kim", due=made.start,
            left=timedelta(hours=14), cites=cite,
        )
        for n in range(others)
    )  # fmt: skip
    return replace(
        made,
        safety="defer",
        stops=tuple(
            Stop(verdict="defer", what=f"Stop {n}.", do="wait", role="nurse", who="Kim", cites=cite)
            for n in range(stops)
        ),
        cards=findings[:3],
        rest=findings[3:],
    )


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (timedelta(days=2, hours=3, minutes=4, seconds=59), "2 days 3 hours 4 minutes left"),
        (timedelta(days=1), "1 day left"),
        (timedelta(hours=23, minutes=59), "23 hours 59 minutes left"),
        (timedelta(minutes=60), "1 hour left"),
        (timedelta(minutes=1), "1 minute left"),
        (timedelta(seconds=59), "now"),
        (timedelta(0), "now"),
        (-timedelta(seconds=59), "now"),
        (-timedelta(minutes=1), "overdue by 1 minute"),
        (-timedelta(days=1, minutes=5), "overdue by 1 day 5 minutes"),
    ],
)
def test_time_left_in_words(left: timedelta, words: str) -> None:
    assert left_words(left) == words


def test_an_owner_stands_beside_the_role() -> None:
    assert owner_words("Kim", "pain-physician") == "Kim (pain physician)"
    assert owner_words(None, "prescriber") == "prescriber of the drug"
    assert owner_words(None, "somebody") == "somebody"


def test_ten_stops_are_all_in_the_text_and_three_others() -> None:
    said = text(check((full(10, 8),)))
    assert [f"Stop {n}." in said for n in range(10)] == [True] * 10
    assert [f"Finding {n}." in said for n in range(8)] == [True] * 3 + [False] * 5
    assert "5 more (--all shows them)" in said
    opened = text(check((full(10, 8),)), everything=True)
    assert all(f"Finding {n}." in opened for n in range(8))
    assert "more (--all" not in opened


def test_ten_stops_stand_open_on_the_page_and_the_rest_is_one_key_away() -> None:
    made = page(check((full(10, 8),)))
    before, _, after = made.partition('<details class="rest">')
    assert all(f"Stop {n}." in before for n in range(10))
    assert all(f"Finding {n}." in before for n in range(3))
    assert all(f"Finding {n}." in after for n in range(3, 8))
    assert "Finding 3." not in before
    assert "5 more, and what this rests on" in after


def test_on_paper_everything_is_open_with_a_box_an_owner_and_a_line_to_sign() -> None:
    made = paper(check((full(10, 8), full(1, 0))))
    assert "<details" not in made
    assert made.count('<td class="tick"><span class="box"></span></td>') == 10 + 8 + 1
    assert made.count("<span>Signature</span>") == 2
    assert made.count("<span>Owner: Kim</span>") == 2
    assert "break-before: page" in made
    assert "Tue 24 Mar 2026, 10:00" in made
    assert "Times are local (America/New_York)" in made


def test_the_order_of_harm_is_shown_with_its_source_and_mark() -> None:
    for made in (text(check(nights())), page(check(nights())), paper(check(nights()))):
        said = " ".join(re.sub(r"<[^>]+>", "", made).split())
        assert "Thromboembolic events carry more morbidity and mortality than epidural hematoma" in said
        assert "LINKSMED-ASIPP, 2024, point 1, read in a secondary source" in said
        assert "no source found, background knowledge or our default, awaiting confirmation" in said
        assert said.index("Thrombosis: A blood") < said.index("Bleeding: A dose") < said.index("Coverage: What")


def test_what_was_skipped_is_told_before_the_patients() -> None:
    for made in (text(check(nights(), SKIPPED)), page(check(nights(), SKIPPED)), paper(check(nights(), SKIPPED))):
        assert "7 of 8 examined, 1 skipped; 1 with a stop or deferral, " in " ".join(made.split())
        assert made.index("1 of 8 was not checked.") < made.index("synthetic-weaver")
        assert made.index(SKIPPED.why) < made.index("synthetic-weaver")


def test_where_nothing_ran_it_says_so() -> None:
    for made in (text(check((), SKIPPED)), page(check((), SKIPPED)), paper(check((), SKIPPED))):
        assert NOT_RUN in made
        assert NOTHING not in made
    assert encode(check((), SKIPPED))


def test_where_nothing_needs_anybody_it_says_so_and_never_that_it_is_safe() -> None:
    quiet = replace(nights()[0], safety="clear", stops=(), cards=(), rest=())
    for made in (text(check((quiet,))), page(check((quiet,))), paper(check((quiet,)))):
        assert NOTHING in made
        assert "Nothing needs you for this patient." in made
        assert "safe " not in made.lower().replace("safety", "")


def test_unknown_is_never_read_as_no_stop() -> None:
    unknown = replace(full(0, 1), safety="unknown")
    careful = replace(full(0, 1), safety="caution")
    for render in (text, page, paper):
        said = " ".join(render(check((unknown, careful))).split())
        assert "0 with a stop or deferral, 1 unknown, 1 with a caution." in said
        assert said.count(UNKNOWN_STOPS) == 2
        assert NO_STOP not in said
        assert NO_STOP in " ".join(render(check((careful,))).split())
        assert UNKNOWN_STOPS not in render(check((careful,)))
    made = json.loads(encode(check((unknown, careful, full(1, 0)))))
    assert (made["stopped"], made["unknown"], made["caution"]) == (1, 1, 1)


def test_what_could_not_be_read_is_told_with_the_patient_and_left_out_among_the_facts() -> None:
    quiet = replace(nights()[0], safety="clear", stops=(), cards=(), rest=())
    issues = (
        Issue(fate="rejected", where="labs[0] L-1 (line 9)", what=NASTY),
        Issue(fate="warning", where="medications[0]", what="resolved"),
        Issue(fate="ignored", where="Encounter", what="2 × not used"),
    )
    whole = check((quiet,))
    part = replace(whole.examined[0], balance=Balance(items=5, accepted=2, ignored=2, rejected=1, issues=issues))
    cut = replace(whole, examined=(part,))
    for said in (text(cut, everything=True), page(cut), paper(cut)):
        told = " ".join(said.split())
        assert "1 patient has entries of the record that could not be read and are not in this check." in told
        assert "1 entry of the record could not be read and is not in this check" in told
        assert "labs[0] L-1 (line 9): " in told
        assert "2 entries of the record were left out because nothing in them is used" in told
        assert "resolved" not in told
        assert NOTHING not in told
        assert "Nothing needs you for this patient." not in told
        assert "<script>" not in said or said == text(cut, everything=True)
    for said in (text(whole, everything=True), page(whole), paper(whole)):
        assert "could not be read" not in said
        assert "left out" not in said
    made = json.loads(encode(cut))
    jsonschema.validate(made, SCHEMA)
    assert made["unread"] == 1
    assert [row["fate"] for row in made["patients"][0]["import"]["issues"]] == ["rejected", "warning", "ignored"]


def test_nothing_to_hold_is_no_leave_to_go_ahead() -> None:
    held = replace(full(0, 1), safety="unknown", decision="proceed_no_hold")
    for made in (text(check((held,))), page(check((held,))), paper(check((held,)))):
        assert "Unknown: stop and ask" in made
        assert "Plan: nothing to hold" in made
        assert "go ahead" not in made.lower()


def test_overdue_is_a_word_and_no_colour_alone() -> None:
    late = full(0, 3)
    late = replace(late, cards=tuple(replace(card, left=-timedelta(hours=5)) for card in late.cards))
    assert "overdue by 5 hours" in text(check((late,)))
    assert page(check((late,))).count('<dd class="overdue">Tue 24 Mar 2026, 10:00, overdue by 5 hours</dd>') == 3
    assert 'class="by overdue"' in paper(check((late,)))


def test_the_offset_is_told_where_the_clocks_change_in_between() -> None:
    held = full(0, 1)
    evening = plans.local(plans.NEW_YORK, 2026, 3, 7, 20, 0)
    morning = plans.local(plans.NEW_YORK, 2026, 3, 8, 10, 0)
    moved = replace(
        held,
        moment=evening.astimezone(plans.NEW_YORK).isoformat(),
        start=morning,
        cards=(replace(held.cards[0], due=morning, left=morning - evening),),
    )
    said = text(check((moved,)))
    assert "Sun 08 Mar 2026, 10:00 (UTC-04:00), 13 hours left" in " ".join(said.split())
    assert "(UTC" not in text(check((held,)))


def test_lines_fit_a_terminal_and_ascii_is_enough() -> None:
    said = text(check(nights(), SKIPPED), everything=True, look=Look(width=120))
    assert max(map(len, said.splitlines())) <= 80
    assert text(check(nights(), SKIPPED), everything=True, look=Look(unicode=False)).isascii()


def nasty() -> NightCheck:
    made = full(2, 5)
    bad = replace(
        made,
        patient=NASTY,
        owner=NASTY,
        notes=(NASTY,),
        stops=tuple(replace(stop, what=NASTY, do=NASTY, who=NASTY, waits_for=NASTY) for stop in made.stops),
        cards=tuple(replace(card, what=NASTY, why=NASTY, role=NASTY, parts=(NASTY,)) for card in made.cards),
    )
    return check((bad,), replace(SKIPPED, why=NASTY))


def test_hostile_text_is_escaped() -> None:
    for made in (page(nasty()), paper(nasty())):
        assert "<script>" not in made
        assert "&lt;script&gt;" in made
        assert "{{7*7}}" in made
    assert "\x1b" not in text(nasty())
    assert "\u202e" not in text(nasty())
    jsonschema.validate(json.loads(encode(nasty())), SCHEMA)


class Outline(HTMLParser):
    """What a checker of pages looks at: ids, references to them, headings, landmarks, and that tags are closed."""

    VOID = frozenset({"meta", "br", "path", "circle", "rect"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.refers: list[str] = []
        self.tags: list[str] = []
        self.headings: list[int] = []
        self.stack: list[str] = []
        self.styled = 0
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        for name, value in attrs:
            self.ids += [value or ""] if name == "id" else []
            self.styled += name == "style" or name.startswith("on")
            if name == "aria-labelledby" or (name == "href" and (value or "").startswith("#")):
                self.refers.append((value or "").removeprefix("#"))
        if tag not in self.VOID:
            self.stack.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert self.stack.pop() == tag


@pytest.mark.parametrize("render", [page, paper])
def test_the_page_is_whole(render) -> None:
    made = render(check((*nights(), full(10, 8)), SKIPPED))
    found = Outline(made)
    assert found.stack == []
    assert len(found.ids) == len(set(found.ids))
    assert set(found.refers) <= set(found.ids)
    assert found.tags.count("h1") == found.tags.count("main") == found.tags.count("footer") == 1
    assert found.headings[0] == 1
    assert all(after - before <= 1 for before, after in zip(found.headings, found.headings[1:], strict=False))
    assert found.styled == 0
    assert made.startswith('<!doctype html>\n<html lang="en">')
    for fetched in ("<link", "src=", "@import", "url(", "<script"):
        assert fetched not in made


def test_the_json_fits_its_schema_and_counts_add_up() -> None:
    made = json.loads(encode(check((*nights(), full(10, 8)), SKIPPED)))
    jsonschema.validate(made, SCHEMA)
    assert made["rows"] == made["examined"] + made["skipped"] == 9
    assert made["stopped"] == 2
    last = made["patients"][-1]
    assert (len(last["stops"]), len(last["cards"]), len(last["rest"])) == (10, 3, 5)
    assert last["cards"][0]["minutes_left"] == 14 * 60
    assert last["cards"][0]["due"] == "2026-03-24T10:00:00-04:00"
    assert last["medications_reviewed"] == "2026-03-09"
    assert made["not_checked"] == [{"place": "line 9", "chart": "x.yaml", "request": "R", "why": SKIPPED.why}]
    assert None not in json.loads(encode(check(nights())))["patients"][0].values()


def test_minutes_left_are_never_rounded_up() -> None:
    held = full(0, 1)
    for left, minutes in ((timedelta(seconds=119), 1), (-timedelta(seconds=1), -1)):
        made = check((replace(held, cards=(replace(held.cards[0], left=left),)),))
        assert json.loads(encode(made))["patients"][0]["cards"][0]["minutes_left"] == minutes


def test_the_drug_list_tells_its_age() -> None:
    held = full(0, 1)
    said = " ".join(text(check((held,)), everything=True).split())
    assert f"Drug list: reviewed Mon 09 Mar 2026, {(held.as_of - date(2026, 3, 9)).days} day before" in said
    assert "Drug list: no review on record" in text(check((replace(held, reviewed=None),)), everything=True)
    assert "that day" in text(check((replace(held, reviewed=held.as_of),)), everything=True)


def test_the_same_check_gives_the_same_bytes() -> None:
    for render in (text, page, paper, encode):
        assert render(check(nights(), SKIPPED)) == render(check(nights(), SKIPPED))

"""The options of each command."""

from __future__ import annotations

import argparse
import difflib
import importlib
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NoReturn

from levamen import __version__

_CHOICE = re.compile(r"invalid choice: '([^']*)' \(choose from (.*)\)")


class Parser(argparse.ArgumentParser):
    """Errors are one sentence with the nearest known word, exit 2. Options are written in full."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**{"allow_abbrev": False, **settings})

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """As argparse does, but what is left over is an error of the command that it was given to."""
        found, left = super().parse_known_args(args, namespace)
        if left:
            word = left[0].partition("=")[0]
            self.error(f"'{word}' is not known here; {self._nearest(word, self._option_string_actions)}")
        return found, left

    def error(self, message: str) -> NoReturn:
        """One sentence on standard error, exit 2."""
        if choice := _CHOICE.search(message):
            known = [word.strip("'\" ") for word in choice[2].split(",")]
            message = f"'{choice[1]}' is not known here; {self._nearest(choice[1], known)}"
        self.exit(2, f"{self.prog}: {message}\n")

    def _nearest(self, word: str, known: Iterable[str]) -> str:
        words = list(known)
        near = difflib.get_close_matches(word, words, n=1, cutoff=0.5)
        if near:
            return f"nearest: {near[0]}"
        return f"see {self.prog} --help" if len(words) > 6 else f"one of {', '.join(words)}"


def parser() -> Parser:
    """The whole command line."""
    top = Parser(
        prog="levamen", description="Which interventional pain therapy is appropriate now, and exactly why not."
    )
    top.add_argument("--version", action="version", version=f"levamen {__version__}")
    commands = top.add_subparsers(required=True, metavar="COMMAND", parser_class=Parser)
    _assess(commands)
    _test(commands)
    _plan(commands)
    _checklist(commands)
    _night_check(commands)
    _ledger(commands)
    _mme(commands)
    _device(commands)
    _score(commands)
    _trend(commands)
    _intake(commands)
    _response(commands)
    _results(commands)
    _flags(commands)
    _explain(commands)
    _adopt(commands)
    _knowledge(commands)
    _chart(commands)
    _body_map(commands)
    _packet(commands)
    return top


def _runs(module: str, function: str) -> Callable[[argparse.Namespace], int]:
    def run(options: argparse.Namespace) -> int:
        found: Callable[[argparse.Namespace], int] = getattr(importlib.import_module(f"levamen.cli.{module}"), function)
        return found(options)

    return run


def _local(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--local",
        action="append",
        type=Path,
        default=[],
        metavar="FOLDER",
        help="a folder of the clinic: its policies (YAML alone), and what it adopted",
    )


def _charts(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "charts", nargs="+", metavar="CHART", help="a chart file, a FHIR R4 bundle, a folder, or - for standard input"
    )


def _as_of(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--as-of", metavar="DATETIME", help="what is known: later records are not seen (default: the chart's own)"
    )


def _complete(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--complete",
        action="append",
        default=[],
        metavar="KIND:FROM[:TO]",
        help="declare the record complete about a kind",
    )


def _assess(commands: Any) -> None:
    command = commands.add_parser("assess", help="answer the questions of charts, FHIR bundles or folders of them")
    _charts(command)
    _as_of(command)
    command.add_argument(
        "--on", metavar="DATE", help="the service date of every question (default: each request's start)"
    )
    command.add_argument("--therapy", metavar="ID", help="ask about this therapy instead of the chart's own requests")
    for name in (
        "region",
        "side",
        "joints",
        "interspaces",
        "foramina",
        "roots",
        "vertebrae",
        "approach",
        "technique",
        "purpose",
        "guidance",
        "contrast",
    ):
        command.add_argument(
            f"--{name}",
            metavar=name.upper(),
            help="of the therapy asked about; several levels with commas" if name == "joints" else argparse.SUPPRESS,
        )
    command.add_argument(
        "--policy",
        action="append",
        default=[],
        metavar="ID",
        help="ask only these policies; naming one asks it whatever the payer",
    )
    _complete(command)
    command.add_argument("--all", action="store_true", help="open every policy, not only the governing ones")
    command.add_argument("--format", choices=("text", "json", "ndjson", "html", "markdown"), default="text")
    _local(command)
    command.set_defaults(run=_runs("assess", "run"))


def _checklist(commands: Any) -> None:
    command = commands.add_parser("checklist", help="questions, time-out, watch, discharge, red flags, calls of a case")
    command.add_argument("chart", metavar="CHART", help="a chart file, a FHIR R4 bundle, or - for standard input")
    command.add_argument("--request", metavar="ID", help="the request (default: the only one)")
    command.add_argument(
        "--part",
        action="append",
        default=[],
        choices=("questions", "time-out", "monitoring", "discharge", "red-flags", "call-day-1", "call-week-1"),
        help="only this list (default: all, in the order of care)",
    )
    _as_of(command)
    command.add_argument("--format", choices=("text", "json"), default="text")
    _local(command)
    command.set_defaults(run=_runs("checklist", "run"))


def _plan(commands: Any) -> None:
    command = commands.add_parser("plan", help="what is held, checked, agreed and restarted around one procedure")
    command.add_argument("chart", metavar="CHART", help="a chart file, a FHIR R4 bundle, or - for standard input")
    command.add_argument("--request", metavar="ID", help="the request to plan (default: the only one)")
    command.add_argument(
        "--profile",
        action="append",
        default=[],
        metavar="ID",
        help="the hold profile that governs; of several, each drug follows the strictest (default: asra-pain-2018)",
    )
    _as_of(command)
    command.add_argument(
        "--format",
        choices=("text", "json", "calendar", "clinic-pdf", "letter", "letter-pdf", "sheet", "sheet-pdf"),
        default="text",
        help="sheet: for the patient; letter: to the prescriber; calendar and PDF need their extras",
    )
    command.add_argument(
        "--privileges", type=Path, metavar="FILE", help="the clinic's own: who may do what (default: not asked)"
    )
    command.add_argument(
        "--language", choices=("en", "es"), default="en", help="of the sheet; es is not reviewed by a clinician"
    )
    command.add_argument("--output", type=Path, metavar="FILE", help="write to this file (default: standard output)")
    _local(command)
    command.set_defaults(run=_runs("plan", "run"))


def _night_check(commands: Any) -> None:
    command = commands.add_parser("night-check", help="tomorrow's list: every stop, and the three things that matter")
    command.add_argument("list", metavar="LIST", help="CSV (chart,request[,owner]) or JSON; charts relative to it")
    command.add_argument(
        "--as-of",
        metavar="DATETIME",
        help="what is known, and when time left starts; own: each chart's own moment (default: the list's, else own)",
    )
    command.add_argument(
        "--profile",
        action="append",
        default=[],
        metavar="ID",
        help="the hold profile that governs; of several, each drug follows the strictest (default: asra-pain-2018)",
    )
    command.add_argument(
        "--privileges", type=Path, metavar="FILE", help="the clinic's own: who may do what (default: not asked)"
    )
    command.add_argument("--all", action="store_true", help="open everything of every patient")
    command.add_argument(
        "--format",
        choices=("text", "json", "html", "paper"),
        default="text",
        help="paper: a page to print, for the day the system is down",
    )
    command.add_argument("--output", type=Path, metavar="FILE", help="write to this file (default: standard output)")
    _local(command)
    command.set_defaults(run=_runs("night_check", "run"))


def _test(commands: Any) -> None:
    command = commands.add_parser("test", help="check what charts expect of themselves")
    command.add_argument("charts", nargs="+", metavar="PATH")
    command.add_argument("--format", choices=("text", "json"), default="text")
    _local(command)
    command.set_defaults(run=_runs("test", "run"))


def _ledger(commands: Any) -> None:
    command = commands.add_parser("ledger", help="steroid, local anesthetic, radiation, contrast and punctures so far")
    _charts(command)
    _as_of(command)
    command.add_argument(
        "--on", metavar="DATE", help="the day on which every window ends (default: the start of what is requested)"
    )
    _complete(command)
    command.add_argument("--format", choices=("text", "json"), default="text")
    command.set_defaults(run=_runs("ledger", "run"))


def _mme(commands: Any) -> None:
    command = commands.add_parser("mme", help="opioids in morphine milligram equivalents; not for converting")
    _charts(command)
    command.add_argument(
        "--table",
        choices=("cdc-2022", "cdc-2016"),
        default="cdc-2022",
        help="the guideline whose factors are used (default: cdc-2022; cdc-2016 is superseded)",
    )
    _as_of(command)
    command.add_argument("--on", metavar="DATE", help="the day whose orders count (default: the day of --as-of)")
    _complete(command)
    command.add_argument("--format", choices=("text", "json"), default="text")
    command.set_defaults(run=_runs("mme", "run"))


def _device(commands: Any) -> None:
    command = commands.add_parser("device", help="stimulators: where each stands, its trial, what is next")
    _charts(command)
    command.add_argument(
        "--policy",
        action="append",
        default=[],
        metavar="ID",
        help="a policy that decides on trial and implant (default: those of the payer)",
    )
    _as_of(command)
    _complete(command)
    command.add_argument("--all", action="store_true", help="the clauses of the policies that do not decide, too")
    command.add_argument("--format", choices=("text", "json"), default="text")
    command.set_defaults(run=_runs("device", "run"))


def _score(commands: Any) -> None:
    command = commands.add_parser("score", help="score the answers of a questionnaire, or write its form")
    command.add_argument("instrument", metavar="INSTRUMENT", help="such as phq-9, odi or promis-pain-interference-4a")
    command.add_argument(
        "answers",
        nargs="?",
        metavar="ANSWERS",
        help="in order (3,2,,1), by name (q1=3,q2=,sex=female), total=NUMBER, a file of these, a FHIR response, or -",
    )
    command.add_argument(
        "--form", type=Path, metavar="FILE", help="the clinic's own licensed form, a FHIR Questionnaire"
    )
    command.add_argument(
        "--format",
        choices=("text", "json", "response", "questionnaire"),
        default="text",
        help="response and questionnaire are FHIR R4; questionnaire takes no answers",
    )
    command.set_defaults(run=_runs("score", "run"))


def _trend(commands: Any) -> None:
    command = commands.add_parser("trend", help="scores, relief and procedures over time, as picture, text or data")
    command.add_argument("chart", metavar="CHART", help="a chart file, a FHIR R4 bundle, or - for standard input")
    command.add_argument(
        "--instrument",
        action="append",
        default=[],
        metavar="ID",
        help="only these, such as nrs or odi; mme adds the opioids ordered (default: all with a score)",
    )
    command.add_argument("--pain", metavar="ID", help="only scores of this pain, and those that name none")
    command.add_argument(
        "--from", dest="start", metavar="DATE", help="the first day (default: that of the first score)"
    )
    command.add_argument("--to", dest="end", metavar="DATE", help="the last day (default: that of --as-of)")
    _as_of(command)
    command.add_argument(
        "--format",
        choices=("text", "svg", "png", "html", "json", "markdown"),
        default="text",
        help="png needs the extra levamen[pdf]",
    )
    command.add_argument("--output", type=Path, metavar="FILE", help="write to this file (default: standard output)")
    command.set_defaults(run=_runs("trend", "run"))


def _flags(commands: Any) -> None:
    command = commands.add_parser("flags", help="red and yellow flags: what fires, what to do by when, what was noted")
    _charts(command)
    _as_of(command)
    _complete(command)
    command.add_argument("--format", choices=("text", "json"), default="text")
    command.set_defaults(run=_runs("flags", "run"))


def _intake(commands: Any) -> None:
    command = commands.add_parser(
        "intake", help="the intake sheet: what is known, what was tried, what is still to ask"
    )
    _charts(command)
    _as_of(command)
    _complete(command)
    command.add_argument("--format", choices=("text", "json"), default="text")
    command.set_defaults(run=_runs("intake", "run"))


def _response(commands: Any) -> None:
    command = commands.add_parser("response", help="what tests and treatments did: relief, how long, and what is due")
    _charts(command)
    command.add_argument("--procedure", metavar="ID", help="only this procedure (default: every one that was done)")
    command.add_argument(
        "--policy", action="append", default=[], metavar="ID", help="ask this policy too, whatever the payer"
    )
    _as_of(command)
    _complete(command)
    command.add_argument("--format", choices=("text", "json"), default="text")
    _local(command)
    command.set_defaults(run=_runs("response", "run"))


def _results(commands: Any) -> None:
    command = commands.add_parser("results", help="a clinic's own results: how long relief lasts, responders, harms")
    _charts(command)
    command.add_argument("--as-of", required=True, metavar="DATETIME", help="what is known: one moment for every chart")
    command.add_argument("--therapy", metavar="ID", help="only this therapy (default: every treatment that was done)")
    command.add_argument(
        "--operators", action="store_true", help="a funnel of the operators, who are called by letters; no league table"
    )
    command.add_argument("--format", choices=("text", "json"), default="text")
    command.add_argument("--output", type=Path, metavar="FILE", help="write to this file (default: standard output)")
    _local(command)
    command.set_defaults(run=_runs("results", "run"))


def _explain(commands: Any) -> None:
    command = commands.add_parser("explain", help="a policy's criteria, or what is known of a therapy or a condition")
    command.add_argument(
        "subject", metavar="POLICY|THERAPY|CONDITION", help="an id or a synonym; also often-said, order-of-care"
    )
    command.add_argument("--contractor", metavar="ID", help="the Medicare contractor whose wording is shown")
    command.add_argument(
        "--on", metavar="DATE", help="the day for which the rules are shown (default: the day they were last checked)"
    )
    command.add_argument("--format", choices=("text", "markdown", "html"), default="text")
    _local(command)
    command.set_defaults(run=_runs("explain", "run"))


def _adopt(commands: Any) -> None:
    command = commands.add_parser("adopt", help="sign a value that awaits confirmation, for one clinic")
    command.add_argument("value", metavar="VALUE", help="its id, as the page of what awaits confirmation lists it")
    command.add_argument("--by", required=True, metavar="NAME", help="the clinician who signs")
    command.add_argument("--reason", required=True, metavar="TEXT", help="why this clinic may rely on it")
    command.add_argument("--on", required=True, metavar="DATE", help="the day from which it counts")
    command.add_argument("--until", metavar="DATE", help="the day from which it no longer counts")
    command.add_argument("--local", required=True, type=Path, metavar="FOLDER", help="the folder of the clinic")
    command.set_defaults(run=_runs("adopt", "run"))


def _knowledge(commands: Any) -> None:
    command = commands.add_parser("knowledge", help="check or list what is known, or say what changed in it")
    actions = command.add_subparsers(required=True, metavar="check|list|diff", parser_class=Parser)
    for name, help in (("check", "name what must be mended"), ("list", "policies and hold profiles in a table")):
        action = actions.add_parser(name, help=help)
        action.add_argument("--on", metavar="DATE", help="also name what is overdue for checking on this day")
        _local(action)
        action.set_defaults(action=name, run=_runs("knowledge", "run"))
    diff = actions.add_parser("diff", help="what changed between two versions, and which answers change with it")
    for name in ("old", "new"):
        diff.add_argument(name, metavar=name.upper(), help="a knowledge folder of a version, or the word packaged")
    diff.add_argument("charts", nargs="*", metavar="CHART", help="whose answers are compared: files or folders")
    diff.add_argument("--format", choices=("text", "markdown", "html"), default="text")
    diff.set_defaults(run=_runs("difference", "run"))


def _chart(commands: Any) -> None:
    command = commands.add_parser("chart", help="check that a chart or bundle can be read, and what was made of it")
    command.add_argument("action", choices=("validate",))
    command.add_argument("charts", nargs="+", metavar="CHART")
    _local(command)
    command.set_defaults(run=_runs("validate", "run"))


def _body_map(commands: Any) -> None:
    command = commands.add_parser("body-map", help="where it hurts: the areas of a chart's pains, or the empty figure")
    command.add_argument(
        "chart", nargs="?", metavar="CHART", help="a chart file, a FHIR R4 bundle, or - (default: nothing marked)"
    )
    command.add_argument("--pain", metavar="ID", help="only this pain (default: every pain that is not over)")
    _as_of(command)
    command.add_argument("--view", choices=("front", "back"), help="only this view (default: both; svg and html)")
    command.add_argument(
        "--choir", metavar="NUMBERS", help="numbers of a CHOIR body map, as 103,104,207 or f03,b07, instead of a chart"
    )
    command.add_argument(
        "--redcap", type=Path, metavar="FILE", help="the CHOIR columns of a REDCap export (CSV, one person), likewise"
    )
    command.add_argument("--figure", choices=("female", "male"), help="the CHOIR figure marked; six numbers need it")
    command.add_argument(
        "--numbering",
        choices=("by-figure", "one"),
        help="by-figure: the female figure has numbers of its own; one: both have those of the male one",
    )
    command.add_argument("--format", choices=("text", "svg", "html", "json"), default="text")
    command.add_argument("--output", type=Path, metavar="FILE", help="write to this file (default: standard output)")
    command.set_defaults(run=_runs("body_map", "run"))


def _packet(commands: Any) -> None:
    command = commands.add_parser(
        "packet",
        help="the authorization packet: is one needed, every criterion with its evidence, what to ask; a draft",
    )
    _charts(command)
    command.add_argument("--request", metavar="ID", help="only this request (default: every request of the chart)")
    command.add_argument(
        "--policy", action="append", default=[], metavar="ID", help="this policy (default: those of the payer)"
    )
    command.add_argument(
        "--number",
        action="append",
        default=[],
        metavar="CODE",
        help="a CPT or HCPCS number it will be billed with; programs go by these",
    )
    _as_of(command)
    command.add_argument("--on", metavar="DATE", help="the service date (default: that of the request)")
    _complete(command)
    command.add_argument("--format", choices=("text", "json", "html", "pdf", "fhir"), default="text")
    command.add_argument(
        "-o", "--output", type=Path, metavar="FILE", help="write to this file (default: standard output)"
    )
    _local(command)
    command.set_defaults(run=_runs("packet", "run"))

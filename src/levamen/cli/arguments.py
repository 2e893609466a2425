"""The options of each command."""

from __future__ import annotations

import argparse
import difflib
import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from levamen import __version__

COMMANDS = ("assess", "test", "explain", "knowledge", "chart")


class Parser(argparse.ArgumentParser):
    """Errors are one sentence with the nearest known word, exit 2."""

    def error(self, message: str) -> NoReturn:
        if "invalid choice" in message:
            wrong = message.split("invalid choice: ")[1].split(" (")[0].strip("'\"")
            known = COMMANDS if self.prog == "levamen" else ()
            near = difflib.get_close_matches(wrong, known, n=1)
            hint = f"nearest: {near[0]}" if near else f"see {self.prog} --help"
            message = f"'{wrong}' is not known here; {hint}"
        self.exit(2, f"{self.prog}: {message}\n")


def parser() -> Parser:
    """The whole command line."""
    top = Parser(
        prog="levamen", description="Which interventional pain therapy is appropriate now, and exactly why not."
    )
    top.add_argument("--version", action="version", version=f"levamen {__version__}")
    commands = top.add_subparsers(required=True, metavar="COMMAND", parser_class=Parser)
    _assess(commands)
    _test(commands)
    _explain(commands)
    _knowledge(commands)
    _chart(commands)
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
        help="a folder of local policies (YAML alone)",
    )


def _assess(commands: Any) -> None:
    command = commands.add_parser("assess", help="answer the questions of charts, FHIR bundles or folders of them")
    command.add_argument(
        "charts", nargs="+", metavar="CHART", help="a chart file, a FHIR R4 bundle, a folder, or - for standard input"
    )
    command.add_argument(
        "--as-of", metavar="DATETIME", help="what is known: later records are not seen (default: the chart's own)"
    )
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
    command.add_argument(
        "--complete",
        action="append",
        default=[],
        metavar="KIND:FROM[:TO]",
        help="declare the record complete about a kind",
    )
    command.add_argument("--all", action="store_true", help="open every policy, not only the governing ones")
    command.add_argument("--format", choices=("text", "json", "ndjson", "html", "markdown"), default="text")
    _local(command)
    command.set_defaults(run=_runs("assess", "run"))


def _test(commands: Any) -> None:
    command = commands.add_parser("test", help="check what charts expect of themselves")
    command.add_argument("charts", nargs="+", metavar="PATH")
    command.add_argument("--format", choices=("text", "json"), default="text")
    _local(command)
    command.set_defaults(run=_runs("test", "run"))


def _explain(commands: Any) -> None:
    command = commands.add_parser("explain", help="a policy's criteria in sentences, or what is said of a therapy")
    command.add_argument("subject", metavar="POLICY|THERAPY")
    command.add_argument("--contractor", metavar="ID", help="the Medicare contractor whose wording is shown")
    command.add_argument(
        "--on", metavar="DATE", help="the day for which the rules are shown (default: the day they were last checked)"
    )
    command.add_argument("--format", choices=("text", "markdown"), default="text")
    _local(command)
    command.set_defaults(run=_runs("explain", "run"))


def _knowledge(commands: Any) -> None:
    command = commands.add_parser("knowledge", help="check or list what is known")
    command.add_argument("action", choices=("check", "list"))
    command.add_argument("--on", metavar="DATE", help="also name what is overdue for checking on this day")
    _local(command)
    command.set_defaults(run=_runs("knowledge", "run"))


def _chart(commands: Any) -> None:
    command = commands.add_parser("chart", help="check that a chart or bundle can be read, and what was made of it")
    command.add_argument("action", choices=("validate",))
    command.add_argument("charts", nargs="+", metavar="CHART")
    _local(command)
    command.set_defaults(run=_runs("validate", "run"))

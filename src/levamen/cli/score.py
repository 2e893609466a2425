"""`levamen score`: the score of one form, or the form itself."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from levamen.adapters import fhir_questionnaires
from levamen.adapters.score_answers import read_answers, scored
from levamen.cli import ANSWERED
from levamen.cli.inputs import BadRequest
from levamen.cli.output import write_data, write_text
from levamen.derive.scores import Scored, scorable
from levamen.emit import score as page
from levamen.emit import score_json
from levamen.emit.terminal import look_of
from levamen.knowledge.instruments.rows import Instrument

LARGEST = 2_000_000


def run(options: argparse.Namespace) -> int:
    """Exit 0 answered, 2 unusable. A form that has no score is answered too: with what is missing."""
    of = scorable(options.instrument)
    wording = (
        fhir_questionnaires.read_questionnaire(_bytes(str(options.form)), of, str(options.form)) if options.form else {}
    )
    if options.format == "questionnaire":
        if options.answers is not None:
            raise BadRequest("--format questionnaire writes the form; leave the answers out")
        write_data(fhir_questionnaires.encode(fhir_questionnaires.questionnaire(of, wording)).decode() + "\n")
        return ANSWERED
    if options.answers is None:
        raise BadRequest(f"no answers; write them in order such as 1,2,, or by name such as q1=1,q3=2 for {of.id}")
    found = _scored(options.answers, of)
    if options.format == "json":
        write_data(score_json.encode(found).decode() + "\n")
    elif options.format == "response":
        write_data(fhir_questionnaires.encode(fhir_questionnaires.response(found)).decode() + "\n")
    else:
        write_text(page.page(found, wording, look=look_of(sys.stdout)))
    return ANSWERED


def _scored(answers: str, of: Instrument) -> Scored:
    """The answers as typed, or those of a file: typed ones or a QuestionnaireResponse."""
    if answers != "-" and not _is_file(answers):
        return scored(of, read_answers(answers))
    origin = "standard input" if answers == "-" else answers
    data = _bytes(answers)
    if data.lstrip()[:1] == b"{":
        return fhir_questionnaires.read_response(data, of, origin)
    try:
        return scored(of, read_answers(data.decode("utf-8")))
    except UnicodeDecodeError:
        raise BadRequest(f"{origin} is no text; give answers such as q1=3, or a QuestionnaireResponse") from None


def _is_file(answers: str) -> bool:
    try:
        return Path(answers).is_file()
    except (OSError, ValueError):
        return False


def _bytes(name: str) -> bytes:
    try:
        data = sys.stdin.buffer.read(LARGEST + 1) if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise BadRequest(f"{name} cannot be read: {(error.strerror or str(error)).lower()}") from None
    if len(data) > LARGEST:
        raise BadRequest(f"{name} is larger than 2 MB; one form is smaller")
    return data

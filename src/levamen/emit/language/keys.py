"""Every sentence a patient reads, by its key, with the names that may stand in it in braces."""

from __future__ import annotations

from collections.abc import Mapping

TEXTS: Mapping[str, frozenset[str]] = {
    key: frozenset(names.split())
    for key, names in {
        "title": "",
        "unreviewed": "",
        "do_not_stop": "",
        "only_this_sheet": "",
        "not_final": "",
        "not_final_more": "",
        "postponed": "",
        "postponed_more": "",
        "visit": "",
        "visit_when": "moment",
        "visit_unknown": "",
        "visit_what": "procedure",
        "visit_where": "place",
        "not_known": "",
        "visit_patient": "patient",
        "medicines": "",
        "medicines_none": "",
        "medicines_wait": "",
        "keep": "",
        "call": "",
        "held_now": "",
        "hold_soon": "",
        "not_final_held": "",
        "last_dose": "moment",
        "no_more": "",
        "not_after": "moment",
        "start": "moment",
        "start_from": "moment",
        "start_later": "",
        "start_check": "",
        "dose_taken": "",
        "day": "",
        "day_last_dose": "",
        "day_ill": "",
        "day_pregnant": "",
        "day_allergy": "",
        "day_food": "",
        "day_ride": "",
        "day_bring": "",
        "emergency": "",
        "same_day": "",
        "watch": "",
        "phone": "",
        "sheet": "number date",
        "replaces": "number",
        "text_version": "version",
        "sources": "sources",
        "moment": "weekday day month clock part",
        "date": "day month year",
        "moment_with_year": "weekday day month year clock part",
        "hour_first": "moment",
        "hour_second": "moment",
    }.items()
}
"""Key of a sentence -> the names it must hold, each once or more."""

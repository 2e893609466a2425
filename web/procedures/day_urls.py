from django.urls import path

from procedures import day_views, record_views, recovery_views

_DAY = "patient/<str:patient>/day/<int:booking>"

urlpatterns = [
    path("patient/<str:patient>/day", day_views.day, name="day"),
    path(f"{_DAY}", day_views.checklist, name="checklist"),
    path(f"{_DAY}/answer", day_views.answer, name="day_answer"),
    path(f"{_DAY}/second", day_views.second, name="day_second"),
    path(f"{_DAY}/override", day_views.override, name="day_override"),
    path(f"{_DAY}/start", day_views.start, name="day_start"),
    path(f"{_DAY}/record", record_views.procedure_record, name="procedure_record"),
    path(f"{_DAY}/record/note", record_views.record_note, name="record_note"),
    path(f"{_DAY}/record/add", record_views.addendum, name="record_addendum"),
    path(f"{_DAY}/recovery", recovery_views.recovery, name="recovery"),
    path(f"{_DAY}/recovery/answer", recovery_views.answer, name="recovery_answer"),
    path(f"{_DAY}/recovery/discharge", recovery_views.discharge, name="discharge"),
]

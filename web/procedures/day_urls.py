from django.urls import path

from procedures import day_views

_DAY = "patient/<str:patient>/day/<int:booking>"

urlpatterns = [
    path("patient/<str:patient>/day", day_views.day, name="day"),
    path(f"{_DAY}", day_views.checklist, name="checklist"),
    path(f"{_DAY}/answer", day_views.answer, name="day_answer"),
    path(f"{_DAY}/second", day_views.second, name="day_second"),
    path(f"{_DAY}/override", day_views.override, name="day_override"),
    path(f"{_DAY}/start", day_views.start, name="day_start"),
]

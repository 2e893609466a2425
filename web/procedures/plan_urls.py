from django.urls import path

from procedures import paper_views, plan_views, preparation, schedule_views, slot_views

_PLAN = "patient/<str:patient>/plans/<str:key>"

urlpatterns = [
    path("schedule", schedule_views.schedule, name="schedule"),
    path("schedule/rooms", schedule_views.rooms, name="rooms"),
    path("patient/<str:patient>/plans", plan_views.plans, name="plans"),
    path("patient/<str:patient>/plan-it/<str:request_key>", plan_views.plan_request, name="plan_request"),
    path(f"{_PLAN}", plan_views.plan, name="plan"),
    path(f"{_PLAN}/slot", slot_views.slot, name="slot"),
    path(f"{_PLAN}/cancel", plan_views.cancel, name="cancel_booking"),
    path(f"{_PLAN}/answer", plan_views.answer, name="prescriber_answer"),
    path(f"{_PLAN}/issue", plan_views.issue, name="issue_plan"),
    path(f"{_PLAN}/preparation", preparation.prepare, name="prepare"),
    path(f"{_PLAN}/letter", paper_views.letters, name="plan_letter"),
    path(f"{_PLAN}/letter.pdf", paper_views.letter_pdf, name="letter_pdf"),
    path(f"{_PLAN}/sheet", paper_views.sheet_page, name="plan_sheet"),
    path(f"{_PLAN}/sheet.pdf", paper_views.sheet_pdf, name="sheet_pdf"),
    path(f"{_PLAN}/plan.pdf", paper_views.plan_pdf, name="plan_pdf"),
    path(f"{_PLAN}/plan.ics", paper_views.plan_calendar, name="plan_calendar"),
]

"""Every route of the clinic. A view without a rule about who may open it opens to nobody."""

from django.urls import include, path

handler400 = "ui.failures.bad_request"
handler403 = "ui.failures.forbidden"
handler404 = "ui.failures.not_found"
handler500 = "ui.failures.failed"

urlpatterns = [
    path("account/", include("allauth.urls")),
    path("", include("ui.urls")),
    path("", include("people.urls")),
    path("", include("audit.urls")),
    path("", include("records.urls")),
    path("", include("administration.urls")),
    path("", include("procedures.plan_urls")),
    path("", include("options.urls")),
    path("", include("worklists.urls")),
    path("", include("procedures.day_urls")),
    path("", include("devices.urls")),
    path("", include("follow_up.urls")),
    path("", include("authorizations.urls")),
    path("", include("intake.urls")),
    path("", include("team.urls")),
    path("", include("results.urls")),
]

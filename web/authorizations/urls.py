from django.urls import path

from authorizations import views

urlpatterns = [
    path("patient/<str:patient>/authorizations", views.authorizations, name="authorizations"),
    path("patient/<str:patient>/authorizations/<str:request_key>", views.authorization, name="authorization"),
    path(
        "patient/<str:patient>/authorizations/<str:request_key>/step",
        views.authorization_step,
        name="authorization_step",
    ),
    path(
        "patient/<str:patient>/authorizations/<str:request_key>/ask", views.authorization_ask, name="authorization_ask"
    ),
    path(
        "patient/<str:patient>/authorizations/<str:request_key>/appeal-letter",
        views.appeal_letter,
        name="appeal_letter",
    ),
    path(
        "patient/<str:patient>/authorizations/<str:request_key>/packet/<str:form>",
        views.packet_file,
        name="packet_file",
    ),
    path("patient/<str:patient>/authorization-sent/<int:sent>/<str:form>", views.sent_file, name="sent_file"),
]

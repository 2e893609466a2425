from django.urls import path

from audit import views

urlpatterns = [
    path("audit", views.events, name="audit"),
    path("patient/<str:patient>/looked", views.who_looked, name="who_looked"),
]

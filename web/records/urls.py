from django.urls import path

from records import views

urlpatterns = [
    path("patients", views.patients, name="patients"),
    path("patient/<str:patient>/record", views.record, name="record"),
    path("patient/<str:patient>/record/<str:section>/new", views.add_entry, name="add_entry"),
    path("patient/<str:patient>/record/<str:section>/<str:key>", views.entry, name="entry"),
    path("patient/<str:patient>/record/<str:section>/<str:key>/edit", views.edit_entry, name="edit_entry"),
    path("patient/<str:patient>/record/<str:section>/<str:key>/strike", views.strike_entry, name="strike_entry"),
    path("patient/<str:patient>/chart-file", views.chart_file, name="chart_file"),
]

from django.urls import path

from results import views

urlpatterns = [
    path("results", views.results, name="results"),
    path("results/file", views.results_file, name="results_file"),
    path("results/call", views.results_call, name="results_call"),
    path("results/work", views.results_work, name="results_work"),
]

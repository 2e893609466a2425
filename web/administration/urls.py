from django.urls import path

from administration import views

urlpatterns = [
    path("settings", views.overview, name="settings"),
    path("settings/governing", views.governing, name="propose_governing"),
    path("settings/values", views.values, name="values"),
    path("settings/values/adopt", views.adopt, name="propose_adoption"),
    path("settings/knowledge", views.knowledge_version, name="propose_knowledge"),
    path("settings/proposal/<int:number>", views.proposal, name="proposal"),
]

from django.urls import path

from ui import views

urlpatterns = [
    path("", views.home, name="home"),
    path("alive", views.alive, name="alive"),
    path("keys", views.keys, name="keys"),
]

from django.urls import path

from people import views

urlpatterns = [path("patient/<str:patient>/closed", views.break_glass, name="break_glass")]

from django.urls import path

from people import staff_views, views

urlpatterns = [
    path("patient/<str:patient>/closed", views.break_glass, name="break_glass"),
    path("staff", staff_views.staff_list, name="staff"),
    path("staff/new", staff_views.add_staff, name="add_staff"),
    path("staff/<slug:username>", staff_views.staff_member, name="staff_member"),
    path("staff/<slug:username>/edit", staff_views.change_staff, name="change_staff"),
]

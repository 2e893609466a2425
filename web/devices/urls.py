from django.urls import path

from devices import stimulator_views, views

urlpatterns = [
    path("devices", views.devices, name="devices"),
    path("patient/<str:patient>/devices", views.patient_devices, name="patient_devices"),
    path("patient/<str:patient>/devices/<str:key>/interrogation", views.interrogation, name="interrogation"),
    path("patient/<str:patient>/devices/<str:key>/refill", views.refill, name="refill"),
    path("patient/<str:patient>/devices/<str:key>/alarm", views.alarm, name="alarm"),
    path("patient/<str:patient>/devices/<str:key>/programming", views.programming, name="programming"),
    path("patient/<str:patient>/stimulator/<str:way>/step", stimulator_views.way_step, name="way_step"),
    path("patient/<str:patient>/stimulator/<str:way>/diary", stimulator_views.trial_diary, name="trial_diary"),
]

from django.urls import path

from devices import views

urlpatterns = [
    path("devices", views.devices, name="devices"),
    path("patient/<str:patient>/devices", views.patient_devices, name="patient_devices"),
    path("patient/<str:patient>/devices/<str:key>/interrogation", views.interrogation, name="interrogation"),
    path("patient/<str:patient>/devices/<str:key>/refill", views.refill, name="refill"),
    path("patient/<str:patient>/devices/<str:key>/alarm", views.alarm, name="alarm"),
    path("patient/<str:patient>/devices/<str:key>/programming", views.programming, name="programming"),
]

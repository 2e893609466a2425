from django.urls import path

from follow_up import call_views, views

urlpatterns = [
    path("patient/<str:patient>/follow-up", views.follow_up, name="follow_up"),
    path("patient/<str:patient>/follow-up/<str:key>/call/<str:script>", call_views.call, name="call"),
]

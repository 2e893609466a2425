from django.urls import path

from follow_up import call_views, complication_views, diary_views, measure_views, views

urlpatterns = [
    path("patient/<str:patient>/follow-up", views.follow_up, name="follow_up"),
    path("patient/<str:patient>/follow-up/settle", views.settle_due, name="settle_due"),
    path("patient/<str:patient>/follow-up/<str:key>", views.response_of, name="response"),
    path("patient/<str:patient>/follow-up/<str:key>/call/<str:script>", call_views.call, name="call"),
    path("patient/<str:patient>/follow-up/<str:key>/diary", diary_views.diary, name="block_diary"),
    path("patient/<str:patient>/follow-up/<str:key>/measures/<str:visit>", measure_views.measure, name="measures"),
    path(
        "patient/<str:patient>/follow-up/<str:key>/complication", complication_views.complication, name="complication"
    ),
]

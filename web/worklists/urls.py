from django.urls import path

from worklists import list_views, views

urlpatterns = [
    path("today", views.today_page, name="today"),
    path("night-check/run", views.run_night_check, name="run_night_check"),
    path("night-check/<str:which>", views.night_check, name="night_check"),
    path("paper", views.paper, name="paper"),
    path("worklists", list_views.worklists, name="worklists"),
    path("worklists/broken-glass/<int:number>", list_views.review_glass, name="review_glass"),
    path("worklists/<str:name>", list_views.worklist, name="worklist"),
    path("worklists/<str:name>/first", list_views.worklist_first, name="worklist_first"),
    path("patient/<str:patient>/task/<int:task>", list_views.see_task, name="see_task"),
    path("patient/<str:patient>/booking/<int:booking>/examine", views.examine_again, name="examine_again"),
]

from django.urls import path

from team import views

urlpatterns = [
    path("tasks", views.tasks, name="tasks"),
    path("patient/<str:patient>/team", views.patient_team, name="patient_team"),
    path("patient/<str:patient>/team/task", views.give_task, name="give_task"),
    path("patient/<str:patient>/team/task/<int:task>", views.task, name="task"),
    path("patient/<str:patient>/team/member", views.join, name="join_team"),
    path("patient/<str:patient>/team/member/<str:username>/leave", views.leave, name="leave_team"),
    path("patient/<str:patient>/team/referral", views.refer, name="refer"),
    path("patient/<str:patient>/team/referral/<int:referral>", views.referral, name="team_referral"),
]

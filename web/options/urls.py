from django.urls import path

from options import views_decide, views_option, views_overview

urlpatterns = [
    path("interruptions", views_overview.interruptions, name="interruptions"),
    path("patient/<str:patient>", views_overview.overview, name="overview"),
    path("patient/<str:patient>/answer", views_overview.answer, name="answer_asked"),
    path("patient/<str:patient>/options", views_overview.options, name="options"),
    path("patient/<str:patient>/options/consider", views_overview.consider, name="consider"),
    path("patient/<str:patient>/options/compare", views_option.compare, name="compare"),
    path("patient/<str:patient>/options/<str:question>", views_option.option, name="option"),
    path("patient/<str:patient>/options/<str:question>/decide", views_decide.decide, name="decide"),
    path("patient/<str:patient>/decisions/<int:decision>", views_decide.decision, name="decision"),
    path("patient/<str:patient>/decisions/<int:decision>/sign", views_decide.sign, name="sign_decision"),
]

from django.urls import path

from intake import bringing, intake_views, medicines, reviewed, scores, views

urlpatterns = [
    path("referrals", views.referrals, name="referrals"),
    path("referrals/new", views.new_referral, name="new_referral"),
    path("referrals/file", views.referral_file, name="referral_file"),
    path("referrals/file/<str:upload>", views.referral_from_file, name="referral_from_file"),
    path("patient/<str:patient>/referral/<int:number>", views.referral, name="referral"),
    path("patient/<str:patient>/referral/<int:number>/letter", views.referral_letter, name="referral_letter"),
    path("patient/<str:patient>/intake", intake_views.intake, name="intake"),
    path("patient/<str:patient>/intake/<str:group>", intake_views.intake_group, name="intake_group"),
    path("patient/<str:patient>/measure/<str:instrument>", scores.measure, name="measure"),
    path("patient/<str:patient>/medicine/<str:key>/stopped", medicines.stopped, name="medicine_stopped"),
    path("patient/<str:patient>/complete", reviewed.complete_since, name="complete_since"),
    path("patient/<str:patient>/asked", reviewed.answer_question, name="answer_question"),
    path("patient/<str:patient>/reviewed", reviewed.reviewed_today, name="reviewed_today"),
    path("patient/<str:patient>/file", bringing.bring_file, name="bring_file"),
    path("patient/<str:patient>/fhir", views.record_fhir, name="record_fhir"),
]

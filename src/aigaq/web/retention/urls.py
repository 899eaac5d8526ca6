from django.urls import path

from aigaq.web.retention import approving, holding, views

app_name = "retention"
urlpatterns = [
    path("", views.keeping, name="list"),
    path("propose/", views.propose, name="propose"),
    path("confirm-day/", views.confirm_day, name="confirm-day"),
    path("plans/<uuid:plan_id>/", views.plan, name="plan"),
    path("plans/<uuid:plan_id>/approve/", approving.approve, name="approve"),
    path("plans/<uuid:plan_id>/drop/", views.drop, name="drop"),
    path("plans/<uuid:plan_id>/carry-out/", views.carry_out, name="carry-out"),
    path("plans/<uuid:plan_id>/act/", views.act, name="act"),
    path("holds/", holding.holds, name="holds"),
    path("holds/<uuid:hold_id>/release/", holding.release, name="release"),
    path("recordings/<uuid:file_id>/hold/", holding.hold, name="hold"),
]

from django.urls import path

from aigaq.web.disclosure import approving, choosing, handing_over, packages, views

app_name = "disclosure"
urlpatterns = [
    path("", views.demands, name="list"),
    path("register/", views.register, name="register"),
    path("<uuid:demand_id>/", views.demand, name="demand"),
    path("<uuid:demand_id>/paper/", views.paper, name="paper"),
    path("<uuid:demand_id>/choose/", choosing.choose, name="choose"),
    path("<uuid:demand_id>/approve/", approving.approve, name="approve"),
    path("<uuid:demand_id>/refuse/", views.refuse, name="refuse"),
    path("<uuid:demand_id>/holds/<uuid:hold_id>/release/", views.release, name="release"),
    path("<uuid:demand_id>/preparing/", packages.preparing, name="preparing"),
    path("<uuid:demand_id>/prepare/", packages.prepare, name="prepare"),
    path("<uuid:demand_id>/package/", packages.package, name="package"),
    path("<uuid:demand_id>/hand-over/", handing_over.hand_over, name="hand-over"),
    path("receipts/<uuid:handover_id>/", handing_over.receipt, name="receipt"),
]

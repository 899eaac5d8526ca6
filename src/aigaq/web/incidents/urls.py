from django.urls import path

from aigaq.web.incidents import views

app_name = "incidents"
urlpatterns = [
    path("", views.incidents, name="list"),
    path("<uuid:incident_id>/", views.incident, name="incident"),
    path("<uuid:incident_id>/decide/", views.decide, name="decide"),
]

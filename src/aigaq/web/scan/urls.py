from django.urls import path

from aigaq.web.scan import views

app_name = "scan"
urlpatterns = [
    path("", views.scan, name="scan"),
    path("frame/", views.frame, name="frame"),
    path("person/<uuid:person_id>/", views.person, name="person"),
]

"""What hangs on the wall of the duty room."""

from django.urls import path

from aigaq.web.docks import views

app_name = "docks"
urlpatterns = [
    # A screen's cookie is sent to these two alone.
    path("wall/", views.wall, name="wall"),
    path("wall/live/", views.live, name="live"),
    path("screens/", views.screens, name="screens"),
    path("screens/<uuid:screen_id>/shut/", views.shut, name="shut-screen"),
]

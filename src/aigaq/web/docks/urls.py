from django.urls import path

from aigaq.web.docks import views, wall

app_name = "docks"
urlpatterns = [
    path("", views.docks, name="list"),
    path("add/", views.add, name="add"),
    path("<uuid:dock_id>/revoke/", views.revoke, name="revoke"),
    # A screen's cookie is sent to these two alone.
    path("wall/", wall.wall, name="wall"),
    path("wall/live/", wall.live, name="live"),
    path("screens/", wall.screens, name="screens"),
    path("screens/<uuid:screen_id>/shut/", wall.shut, name="shut-screen"),
]

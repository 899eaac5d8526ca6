from django.urls import path

from aigaq.web.unloads import views

app_name = "unloads"
urlpatterns = [
    path("", views.unloads, name="list"),
    path("live/", views.live, name="live"),
    path("<uuid:unload_id>/", views.unload, name="unload"),
]

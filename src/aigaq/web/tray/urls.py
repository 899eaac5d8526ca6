from django.urls import path

from aigaq.web.tray import views

app_name = "tray"
urlpatterns = [
    path("", views.tray, name="list"),
    path("<uuid:unload_id>/", views.unload, name="unload"),
]

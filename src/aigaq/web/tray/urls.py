from django.urls import URLPattern

app_name = "tray"
urlpatterns: list[URLPattern] = []

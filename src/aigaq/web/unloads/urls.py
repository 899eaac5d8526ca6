from django.urls import URLPattern

app_name = "unloads"
urlpatterns: list[URLPattern] = []

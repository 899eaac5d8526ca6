from django.urls import path

from aigaq.web.copies import views

app_name = "copies"
urlpatterns = [
    path("", views.page, name="page"),
    path("live/", views.live, name="live"),
]

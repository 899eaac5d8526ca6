from django.urls import path

from aigaq.web.looks import views

app_name = "looks"
urlpatterns = [path("", views.looks, name="list")]

from django.urls import path

from aigaq.web.vault import views

app_name = "vault"
urlpatterns = [
    path("", views.unlock, name="unlock"),
    path("lock/", views.lock, name="lock"),
    path("state/", views.state, name="state"),
]

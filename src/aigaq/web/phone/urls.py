from django.urls import path

from aigaq.web.phone import views

app_name = "phone"
urlpatterns = [
    path("", views.page, name="page"),
    path("state/", views.state, name="state"),
    path("tell/", views.tell, name="tell"),
    path("shell/", views.shell, name="shell"),
    path("worker.js", views.worker, name="worker"),
]

from django.urls import path

from aigaq.web.overview import views

app_name = "overview"
urlpatterns = [
    path("", views.page, name="page"),
    path("csv/", views.as_csv, name="csv"),
    path("pdf/", views.as_pdf, name="pdf"),
]

from django.urls import path

from aigaq.web.receipts import views

app_name = "receipts"
urlpatterns = [
    path("", views.check, name="check"),
    path("proof/", views.proof, name="proof"),
]

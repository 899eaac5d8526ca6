from django.urls import path

from aigaq.web.ledger import views

app_name = "ledger"
urlpatterns = [
    path("", views.entries, name="list"),
    path("<int:seq>/", views.entry, name="entry"),
]

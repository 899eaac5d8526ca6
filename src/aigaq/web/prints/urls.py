from django.urls import path

from aigaq.web.prints import views

app_name = "prints"
urlpatterns = [
    path("books/<uuid:book_id>/", views.book, name="book"),
    path("labels/", views.labels, name="labels"),
    path("badge.pdf", views.badge, name="badge"),
    path("<uuid:print_id>/", views.print_, name="print"),
    path("<uuid:print_id>/stop/", views.stop, name="stop"),
    path("<uuid:print_id>/paper.pdf", views.take, name="take"),
]

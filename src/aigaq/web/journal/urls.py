from django.urls import path

from aigaq.web.journal import views

app_name = "journal"
urlpatterns = [
    path("", views.journal, name="list"),
    path("rows/<uuid:row_id>/", views.row, name="row"),
    path("rows/<uuid:row_id>/remark/", views.remark, name="remark"),
    path("rows/<uuid:row_id>/correct/<str:cell>/", views.correct, name="correct"),
    path("books/open/", views.open_book, name="open-book"),
    path("books/<uuid:book_id>/close/", views.close_book, name="close-book"),
]

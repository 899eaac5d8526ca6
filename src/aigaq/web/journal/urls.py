from django.urls import path

from aigaq.web.journal import acts, books, mishaps, on_duty, views

app_name = "journal"
urlpatterns = [
    path("", views.journal, name="list"),
    path("rows/<uuid:row_id>/", views.row, name="row"),
    path("rows/<uuid:row_id>/remark/", views.remark, name="remark"),
    path("rows/<uuid:row_id>/pause/", on_duty.pause, name="pause"),
    path("rows/<uuid:row_id>/resume/", on_duty.resume, name="resume"),
    path("rows/<uuid:row_id>/failure/", on_duty.report_failure, name="report-failure"),
    path("rows/<uuid:row_id>/loss/", mishaps.report_loss, name="report-loss"),
    path("failures/<uuid:failure_id>/repair/", mishaps.repair, name="repair"),
    path("rows/<uuid:row_id>/correct/<str:cell>/", views.correct, name="correct"),
    path("rows/<uuid:row_id>/act/", acts.act, name="act"),
    path("appointments/<int:appointment_id>/act/", acts.hand_over, name="hand-over-act"),
    path("shelf/", books.shelf, name="shelf"),
    path("books/open/", books.open_book, name="open-book"),
    path("books/register/", books.register_next, name="register-next"),
    path("books/<uuid:book_id>/close/", books.close_book, name="close-book"),
    path("books/<uuid:book_id>/last-page/", books.inscribe, name="inscribe"),
]

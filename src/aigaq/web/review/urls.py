from django.urls import path

from aigaq.web.review import marks

app_name = "review"
urlpatterns = [
    path("files/<uuid:file_id>/mark/", marks.mark, name="mark"),
    path("files/<uuid:file_id>/result/", marks.result, name="result"),
    path("marks/<uuid:mark_id>/", marks.amend, name="amend"),
    path("marks/<uuid:mark_id>/withdraw/", marks.withdraw, name="withdraw"),
]

from django.urls import path

from aigaq.web.review import marks, samples

app_name = "review"
urlpatterns = [
    path("", samples.samples, name="samples"),
    path("samples/<uuid:sample_id>/", samples.sample, name="sample"),
    path("samples/<uuid:sample_id>/report/", samples.report, name="report"),
    path("duties/<uuid:row_id>/", samples.duty, name="duty"),
    path("files/<uuid:file_id>/mark/", marks.mark, name="mark"),
    path("files/<uuid:file_id>/result/", marks.result, name="result"),
    path("marks/<uuid:mark_id>/", marks.amend, name="amend"),
    path("marks/<uuid:mark_id>/withdraw/", marks.withdraw, name="withdraw"),
]

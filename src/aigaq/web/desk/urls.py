from django.urls import path

from aigaq.web.desk import issue, take_back, views

app_name = "desk"
urlpatterns = [
    path("out/", views.out, name="out"),
    path("issue/", issue.issue, name="issue"),
    path("take-back/", take_back.find, name="find"),
    path("take-back/<uuid:row_id>/", take_back.take_back, name="return"),
]

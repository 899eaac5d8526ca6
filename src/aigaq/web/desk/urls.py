from django.urls import path

from aigaq.web.desk import issue, take_back, time_codes, views

app_name = "desk"
urlpatterns = [
    path("out/", views.out, name="out"),
    path("issue/", issue.issue, name="issue"),
    path("take-back/", take_back.find, name="find"),
    path("take-back/<uuid:row_id>/", take_back.take_back, name="return"),
    path("time-code/<uuid:row_id>/", time_codes.start, name="show-time-code"),
    path("time-code/<int:number>/", time_codes.screen, name="time-code"),
    path("time-code/<int:number>/codes/", time_codes.codes, name="time-code-codes"),
]

from django.urls import path

from aigaq.web.duties import page

app_name = "duties"
urlpatterns = [path("<uuid:row_id>/", page.duty, name="duty")]

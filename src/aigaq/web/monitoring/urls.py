from django.urls import path

from aigaq.web.monitoring import views

app_name = "monitoring"
urlpatterns = [
    # Without a slash at the end, as the programs that ask write them.
    path("health/live", views.live, name="live"),
    path("health/ready", views.ready, name="ready"),
    path("metrics", views.metrics, name="metrics"),
]

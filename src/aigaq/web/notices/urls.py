from django.urls import path

from aigaq.web.notices import views

app_name = "notices"
urlpatterns = [
    # `wiring.notices_page` leads here from letters.
    path("", views.notices, name="list"),
    path("bell/", views.bell, name="bell"),
    path("seen/", views.seen_all, name="seen-all"),
    path("<uuid:notice_id>/seen/", views.seen, name="seen"),
    path("email/", views.my_email, name="my-email"),
]

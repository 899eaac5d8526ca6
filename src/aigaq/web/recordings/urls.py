from django.urls import path

from aigaq.web.recordings import listing, making, media, page

app_name = "recordings"
urlpatterns = [
    path("", listing.recordings, name="list"),
    path("<uuid:file_id>/", page.recording, name="recording"),
    path("<uuid:file_id>/media/", media.media, name="media"),
    path("<uuid:file_id>/still/", media.still, name="still"),
    path("<uuid:file_id>/copy/", media.download, name="download"),
    path("make/", making.make_several, name="make-several"),
    path("<uuid:file_id>/making/", making.making, name="making"),
    path("<uuid:file_id>/make/", making.make, name="make"),
    path("<uuid:file_id>/cancel/", making.cancel, name="cancel"),
]

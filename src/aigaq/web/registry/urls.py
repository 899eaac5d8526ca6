from django.urls import path

from aigaq.web.registry import appointments, labels, passkeys, people, posts, things, wear

app_name = "registry"
urlpatterns = [
    path("things/", things.things, name="things"),
    path("things/add-recorder/", things.add_recorder, name="add-recorder"),
    path("things/add-card/", things.add_card, name="add-card"),
    path("things/retire/", wear.retire, name="retire"),
    path("things/recorder/<uuid:thing_id>/", things.recorder, name="recorder"),
    path("things/card/<uuid:thing_id>/", things.card, name="card"),
    path("people/", people.people, name="people"),
    path("people/add/", people.add_person, name="add-person"),
    path("people/labels/", labels.people_labels, name="people-labels"),
    path("people/<uuid:person_id>/label/", labels.person_label, name="person-label"),
    path("people/<uuid:person_id>/", people.person, name="person"),
    path("people/<uuid:person_id>/appoint/", appointments.appoint, name="appoint"),
    path("people/<uuid:person_id>/email/", people.email, name="email"),
    path("people/<uuid:person_id>/new-password/", people.give_password, name="give-password"),
    path("people/<uuid:person_id>/shut/", people.shut_login, name="shut-login"),
    path("people/<uuid:person_id>/open/", people.open_login, name="open-login"),
    path("people/<uuid:person_id>/passkeys/add/", passkeys.enrol, name="enrol-passkey"),
    path(
        "people/<uuid:person_id>/passkeys/<uuid:passkey_id>/revoke/", passkeys.revoke, name="revoke-passkey"
    ),
    path("people/appointments/<int:appointment_id>/relieve/", appointments.relieve, name="relieve"),
    path("people/appointments/<int:appointment_id>/hand-over/", appointments.hand_over, name="hand-over"),
    path("people/appointments/<int:appointment_id>/hand-key/", appointments.hand_key, name="hand-key"),
    path("people/posts/", posts.posts, name="posts"),
    path("people/holdings/", posts.held, name="holdings"),
    path("divisions/add/", people.add_division, name="add-division"),
]

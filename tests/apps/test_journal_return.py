"""Return: who may, what is compared, what column 7 tells."""

import pytest

from aigaq.journal import errors
from aigaq.journal.models import JournalRow, Return, SealFound
from aigaq.journal.services.sign import OwnPassword
from aigaq.journal.signed import digest_of
from aigaq.registry import services as registry
from aigaq.registry.models import State
from tests.support.duty import SEAL, entries, last_document, on_duty
from tests.support.office import ADDRESS, password_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def duty(office):
    return on_duty(office)


@pytest.fixture
def row(duty):
    row = duty.issue()
    duty.passes(hours=8)
    return row


def refused(duty, row, error, **changes):
    with pytest.raises(error) as caught:
        duty.give_back(row, **changes)
    assert type(caught.value) is error
    assert not Return.objects.filter(row=row).exists()
    assert not entries("journal.returned")
    return caught.value


def told(row):
    return [remark.text for remark in row.remarks.all()]


def test_a_return_fills_column_5_and_frees_recorder_and_card(duty, row):
    returned = duty.give_back(row)

    assert returned.returned.occurred_at == duty.office.clock.now()
    assert returned.returned.handed_back_by == duty.office.inspector
    assert returned.returned.seal_found == SealFound.INTACT
    assert returned.returned.by == duty.office.custodian
    for thing in (duty.office.recorder, duty.office.card):
        thing.refresh_from_db()
        assert thing.out_on is None
    assert told(returned) == []


def test_the_return_is_signed_and_tells_which_issue_it_ends(duty, row):
    issued = entries("journal.issued")[0]
    duty.give_back(row)

    entry = entries("journal.returned")[-1]
    document, (signature,) = entry.body["document"], entry.body["signatures"]
    assert document["issued"] == {
        "seq": issued.seq,
        "signed_digest": issued.body["signatures"][0]["signed_digest"],
    }
    assert document["seal"] == {"set": SEAL, "found": "intact", "number_found": SEAL}
    assert signature["signer"]["id"] == str(duty.office.inspector.pk)
    assert signature["signed_digest"] == str(digest_of(document))
    assert row.signatures.get(act="return").signed_digest == signature["signed_digest"]


def test_a_row_is_returned_once(duty, row):
    duty.give_back(row)
    with pytest.raises(errors.AlreadyReturnedError) as caught:
        duty.give_back(row)
    assert caught.value.details == {"row": 1, "at": duty.office.clock.now()}
    assert len(entries("journal.returned")) == 1


def test_a_seal_that_is_corrected_while_the_return_is_signed_is_the_one_compared(duty, row):
    """A colleague corrects its number while the password is typed."""

    class Meanwhile:
        address = ADDRESS

        @property
        def password(self):
            if not row.corrections.exists():
                duty.correct(row, "seal_number", "Қ-0413")
            return password_of("yerlan")

    returned = duty.give_back(row, means=Meanwhile(), seal_number_found="Қ-0413", condition="Нөмірі басқа")
    document = entries("journal.returned")[-1].body["document"]
    assert document["seal"] == {"set": "Қ-0413", "found": "intact", "number_found": "Қ-0413"}
    assert returned.returned.seal_found == SealFound.INTACT


def test_a_row_that_is_not_in_the_book_is_unknown(duty, row):
    stranger = JournalRow(book=row.book, division=row.division, first_recorder=row.recorder, number=9)
    with pytest.raises(errors.UnknownRowError):
        duty.give_back(stranger)


def test_the_sister_division_s_custodian_takes_nothing_back_here(duty, row):
    office = duty.office
    refused(
        duty,
        row,
        errors.NotCustodianError,
        custodian=office.sister_custodian,
        by=office.by(office.sister_custodian),
    )


def test_a_broken_seal_needs_a_word_and_is_told_in_column_7(duty, row):
    refused(duty, row, errors.SealUnexplainedError, seal_found=SealFound.BROKEN)

    returned = duty.give_back(row, seal_found=SealFound.BROKEN, condition="Есікке ілініп үзілді")
    assert returned.returned.seal_found == SealFound.BROKEN
    assert told(returned) == [
        (
            "Тапсыру кезінде № Қ-0412 мөрдің бүлінгені анықталды. "
            "Жауапты тұлғаның түсіндірмесі: Есікке ілініп үзілді"
        )
    ]
    assert last_document()["remarks"] == told(returned)


def test_a_whole_seal_with_another_number_is_another_seal(duty, row):
    refused(duty, row, errors.SealUnexplainedError, seal_number_found="Қ-0999")

    returned = duty.give_back(row, seal_number_found=" Қ-0999 ", condition="Белгісіз")
    assert (returned.returned.seal_found, returned.returned.seal_number_found) == (
        SealFound.DIFFERENT,
        "Қ-0999",
    )
    assert told(returned)[0].startswith("Тапсыру кезінде № Қ-0412 мөрдің орнына № Қ-0999 мөр анықталды.")


def test_a_missing_seal_is_told(duty, row):
    returned = duty.give_back(
        row, seal_found=SealFound.MISSING, seal_number_found="", condition="Түсіп қалған"
    )
    assert told(returned)[0].startswith("Тапсыру кезінде № Қ-0412 мөрдің жоқ екені анықталды.")


def test_a_seal_is_not_called_whole_unread(duty, row):
    refused(duty, row, errors.SealNotReadError, seal_number_found="")


def test_what_was_not_sealed_is_not_compared(duty):
    row = duty.issue(card=None, seal_number="")
    returned = duty.give_back(row, seal_number_found="")
    assert returned.returned.seal_found == SealFound.NOT_SEALED
    assert told(returned) == []


def test_another_person_hands_back_with_a_remark_and_their_own_signature(duty, row):
    other = duty.office.second_inspector
    refused(duty, row, errors.OtherPersonUnexplainedError, handed_back_by=other)

    returned = duty.give_back(row, handed_back_by=other, condition="Ерлан ауырып қалды")
    assert told(returned) == [
        (
            "Бейнетіркегішті алған – Өтегенов Ерлан Сәкенұлы, тапсырған – Ықыласова Мадина Һашимқызы. "
            "Жауапты тұлғаның түсіндірмесі: Ерлан ауырып қалды"
        )
    ]
    assert returned.signatures.get(act="return").signer == other
    assert last_document()["handed_back_by"]["full_name"] == "Ықыласова Мадина Һашимқызы"


def test_nobody_signs_the_return_for_another(duty, row):
    refused(duty, row, errors.WrongSignatureError, means=OwnPassword(password_of("madina"), ADDRESS))
    refused(duty, row, errors.NoSignatureError, means=OwnPassword("", ADDRESS))


def test_what_the_custodian_says_of_its_condition_is_told(duty, row):
    returned = duty.give_back(row, condition="Линзасы сызылған")
    assert told(returned) == ["Жауапты тұлғаның түсіндірмесі: Линзасы сызылған"]


def test_what_was_lost_and_found_again_is_taken_back(duty, row):
    office = duty.office
    office.recorder.refresh_from_db()
    registry.set_state(office.ledger, office.by(office.custodian), office.recorder, State.LOST, "акт 3")

    assert duty.give_back(row, condition="Көліктен табылды").returned
    office.recorder.refresh_from_db()
    assert (office.recorder.state, office.recorder.out_on) == (State.LOST, None)


def test_a_return_of_an_old_row_does_not_free_what_is_out_on_a_new_one(duty, row):
    duty.give_back(row)
    again = duty.issue(inspector=duty.office.second_inspector)
    with pytest.raises(errors.AlreadyReturnedError):
        duty.give_back(row)
    duty.office.recorder.refresh_from_db()
    assert duty.office.recorder.out_on == again.pk

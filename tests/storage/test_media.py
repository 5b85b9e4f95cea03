"""Pictures and voice notes are fetched later, kept or refused, and belong to an issue once it is filed."""

from core.events import DraftClosed
from core.talk import Attachment
from storage import media
from tests.storage.town import SECOND, Town, filed


async def test_an_attachment_is_fetched_and_kept(town: Town) -> None:
    account = town.ids.accounts["telegram"]
    stored = await town.hears(
        attachments=(Attachment("one", "photo", "remote"), Attachment("two", "voice", "r2"))
    )
    wanted = await town.database.read(lambda tx: media.wanted(tx, account, town.now))
    assert {one.id: (one.kind, one.remote, one.contact_id, one.created_at) for one in wanted} == {
        "one": ("photo", "remote", stored.contact_id, town.now),
        "two": ("voice", "r2", stored.contact_id, town.now),
    }
    await town.database.transaction(lambda tx: media.later(tx, "one", town.now + SECOND))
    await town.database.transaction(lambda tx: media.refused(tx, "two", "too large"))
    assert await town.database.read(lambda tx: media.wanted(tx, account, town.now)) == []
    town.now += SECOND
    (again,) = await town.database.read(lambda tx: media.wanted(tx, account, town.now))
    assert (again.id, again.attempts) == ("one", 1)
    assert await town.database.transaction(lambda tx: media.kept(tx, "one", "one.jpg", "image/jpeg", 9))
    assert await town.database.read(media.files) == {"one.jpg"}
    await town.turn(filed("GRZ-2222", "x", media=("one", "two")))
    (issue,) = await town.rows("select id from issue")
    found = await town.database.read(lambda tx: media.by_issue(tx, [issue["id"], 99]))
    assert [(one.id, one.state, one.file, one.size) for one in found[issue["id"]]] == [
        ("one", "kept", "one.jpg", 9),
        ("two", "refused", "", 0),
    ]
    assert found[99] == []


async def test_what_was_erased_while_it_was_fetched_is_not_kept(town: Town) -> None:
    await town.hears(attachments=(Attachment("one", "photo", "remote"),))
    await town.turn(DraftClosed(erased=True, media=("one",)))
    assert not await town.database.transaction(lambda tx: media.kept(tx, "one", "one.jpg", "image/jpeg", 9))


async def test_an_upload_is_a_file_that_belongs_to_somebody(town: Town) -> None:
    await town.hears(account="web", attachments=(Attachment("one", "photo", "file:upload-1"),))
    assert await town.database.read(media.files) == {"upload-1"}

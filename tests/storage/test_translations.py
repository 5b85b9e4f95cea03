"""What texts say in other languages: wanted with the text, kept beside it, and gone with it."""

from collections.abc import Sequence

from msgspec.structs import replace

from core.events import Event, IssueAdded, IssueCorrected, LanguageHeard
from storage import contacts, issues, translations
from storage.issues import ExportedIssue
from storage.translations import Made, Wanted
from storage.turns import Outcome
from tests.storage.test_retention import sweep
from tests.storage.town import DAY, SECOND, Town, filed, outcome

REFERENCE = "GRZ-7K4M"


async def writes(
    town: Town, text: str, *events: Event, who: str = "4711", into: Sequence[str] = ("de",)
) -> Outcome:
    """A turn in a council that reads these languages."""
    stored = await town.hears(text, who)
    (waiting,) = [one for one in await town.waiting() if one.inbox_id == stored.inbox_id]
    turned = replace(outcome(waiting, *events, hear_by=town.now + 14 * DAY), into=tuple(into))
    await town.write(turned)
    return turned


async def files(town: Town, language: str | None = "es", into: Sequence[str] = ("de",)) -> None:
    text = "La farola no funciona"
    await writes(town, text, replace(filed(REFERENCE, text), language=language), into=into)


async def wanted(town: Town, *pairs: tuple[str, str], limit: int = 100) -> list[Wanted]:
    asked = pairs or (("es", "de"), ("es", "en"))
    return await town.database.read(lambda tx: translations.waiting(tx, asked, town.now, limit))


async def sources(town: Town) -> list[str]:
    return await town.database.read(translations.sources_waiting)


async def keeps(town: Town, *made: Made) -> None:
    await town.database.transaction(lambda tx: translations.keep(tx, made, town.now))


async def exported(town: Town) -> ExportedIssue:
    async def first(tx: object) -> ExportedIssue:
        (issue,) = [one async for one in issues.exported(tx, "graz")]  # type: ignore[arg-type]
        return issue

    return await town.database.read(first)


async def test_a_filed_issue_wants_every_language_that_the_council_reads(town: Town) -> None:
    await files(town, into=("de", "en", "es"))
    assert [(one.source, one.language, one.words) for one in await wanted(town)] == [
        ("es", "de", "La farola no funciona"),
        ("es", "en", "La farola no funciona"),
    ]


async def test_the_languages_that_texts_wait_in_are_told_once_each(town: Town) -> None:
    assert await sources(town) == []
    await files(town, "tr", into=("de", "en"))
    for number, language in enumerate(("es", "tr", None, "de", "es"), 3):
        text = f"number {number}"
        await writes(town, text, replace(filed(f"GRZ-333{number}", text), language=language), who=text)
    assert await sources(town) == ["es", "tr"]
    await keeps(town, *(Made(one.text_id, "de", None, "failed") for one in await wanted(town, ("es", "de"))))
    assert await sources(town) == ["tr"]


async def test_what_is_in_no_known_language_waits_for_nobody(town: Town) -> None:
    await files(town, language=None)
    assert await town.rows("select * from translation") == []


async def test_a_text_that_was_too_short_to_tell_is_in_the_language_they_go_on_in(town: Town) -> None:
    await files(town, language=None)
    await writes(town, "y el banco en el parque también", LanguageHeard("es"))
    assert [(one.source, one.language) for one in await wanted(town)] == [("es", "de")]
    assert (await exported(town)).language == "es"


async def test_a_translation_is_read_beside_the_original(town: Town) -> None:
    await files(town)
    assert (await exported(town)).translations == {}
    (one,) = await wanted(town)
    await keeps(town, Made(one.text_id, "de", "Die Laterne geht nicht", "good", engine="argos es-en-de"))
    issue = await exported(town)
    assert issue.original == "La farola no funciona"
    assert issue.translations == {
        "de": {"text": "Die Laterne geht nicht", "made_by": "machine", "status": "good"}
    }
    assert await wanted(town) == []


async def test_an_issue_of_two_texts_is_partial_until_both_are_translated(town: Town) -> None:
    await files(town)
    (first,) = await wanted(town)
    await keeps(town, Made(first.text_id, "de", "Die Laterne geht nicht", "good"))
    await writes(town, "y el banco", IssueAdded(REFERENCE, "y el banco", "", (), "es"))
    (second,) = await wanted(town)
    assert (await exported(town)).translations["de"] == {
        "text": "Die Laterne geht nicht\ny el banco",
        "made_by": "machine",
        "status": "partial",
    }
    await keeps(town, Made(second.text_id, "de", "und die Bank", "doubtful", "length"))
    assert (await exported(town)).translations["de"]["status"] == "doubtful"


async def test_an_addition_in_the_councils_own_language_needs_no_translation(town: Town) -> None:
    await files(town)
    (first,) = await wanted(town)
    await keeps(town, Made(first.text_id, "de", "Die Laterne geht nicht", "good"))
    await writes(town, "und die Bank", IssueAdded(REFERENCE, "und die Bank", "", (), "de"))
    assert (await exported(town)).translations["de"]["status"] == "good"
    assert (await exported(town)).translations["de"]["text"].endswith("und die Bank")


async def test_nobody_waits_for_what_was_corrected(town: Town) -> None:
    await files(town)
    await writes(town, "La farola", IssueCorrected(REFERENCE, "La farola está rota", "", (), "es"))
    assert [one.words for one in await wanted(town)] == ["La farola está rota"]


async def test_a_text_that_failed_is_tried_later(town: Town) -> None:
    await files(town)
    (one,) = await wanted(town)
    await town.database.transaction(lambda tx: translations.later(tx, [one], town.now + SECOND, "crash"))
    assert await wanted(town) == []
    assert await town.database.read(translations.count_waiting) == 1
    town.now += SECOND
    (again,) = await wanted(town)
    assert again == replace(one, attempts=1)


async def test_what_a_person_wrote_is_not_written_over(town: Town) -> None:
    await files(town)
    (one,) = await wanted(town)
    await keeps(town, Made(one.text_id, "de", "Die Laterne ist kaputt", "good", made_by="person"))
    await keeps(town, Made(one.text_id, "de", "Das Licht nicht", "good"))
    assert (await exported(town)).translations["de"] == {
        "text": "Die Laterne ist kaputt",
        "made_by": "person",
        "status": "good",
    }


async def test_the_limit_holds_for_all_pairs_together(town: Town) -> None:
    await files(town, into=("de", "en"))
    assert len(await wanted(town, limit=1)) == 1


async def test_translations_are_erased_with_the_person(town: Town) -> None:
    await files(town)
    (one,) = await wanted(town)
    contact = (await town.rows("select id from contact"))[0]["id"]
    await town.database.transaction(lambda tx: contacts.erase(tx, contact, town.now))
    assert await town.rows("select * from translation") == []
    await keeps(town, Made(one.text_id, "de", "Die Laterne", "good"))  # it was under way
    assert await town.rows("select * from translation") == []


async def test_translations_go_with_an_issue_that_is_emptied(town: Town) -> None:
    await files(town)
    await town.change(f"update issue set status = 'closed', closed_at = {town.now}")
    town.now += 365 * DAY + 1
    assert (await sweep(town)).issues == 1
    assert await town.rows("select * from translation") == []

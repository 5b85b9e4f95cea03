"""What a translator promises, whoever it is."""

from translations.translator import (
    BrokenPackage,
    Job,
    NoRoute,
    NothingInstalled,
    NoWorker,
    Off,
    Translated,
    TranslationError,
    UnknownLanguage,
    WorkerLost,
)


async def test_a_council_that_switched_translation_off_is_told_so_and_nothing_breaks():
    off = Off()
    assert not off.can("es", "de")
    answers = await off.translate([Job("Hola", "es", "de"), Job("Adiós", "es", "en")])
    assert [str(answer) for answer in answers] == ["Translation is switched off."] * 2
    assert all(isinstance(answer, NothingInstalled) for answer in answers)
    await off.close()


def test_what_is_printed_of_a_job_and_of_its_answer_holds_no_word_of_it():
    job = Job("Mi casero se llama Pedro", "es", "en")
    made = Translated("My landlord is called Pedro", "good", "", "argos es_en-1.0")
    assert repr(job) == "Job(24 letters, es -> en)"
    assert "Pedro" not in f"{job} {made} {[job, made]!r}"


def test_every_error_is_a_sentence():
    for error in (UnknownLanguage, NoRoute, NothingInstalled, BrokenPackage, NoWorker, WorkerLost):
        assert issubclass(error, TranslationError)
        assert str(error()).endswith((".", "."))

"""What staff do: together and apart, covered, spam; only by who may, and each in the audit."""

from collections.abc import Sequence

import pytest

from core.errors import RefusedRow
from core.events import (
    Event,
    InvitationRefused,
    IssueAnswered,
    IssueCorrected,
    IssueMarkedSpam,
    IssuesPutTogether,
    IssueTakenApart,
    IssueTakenOut,
    IssueViewed,
    ProposalDeclined,
    TranslationLooked,
    WordsCovered,
)
from core.staff import Role
from storage import answers, desk_acts, digests, due, translations
from storage.answers import Rendered
from storage.translations import Made
from tests.storage.town import DAY, Town, filed, outcome

LAMP, LIFT, BUS, TREE = "GRZ-2222", "GRZ-3333", "GRZ-4444", "GRZ-5555"


async def four(town: Town) -> None:
    """A coordinator, and four issues of four people."""
    await town.joins("anna")
    for reference in (LAMP, LIFT, BUS, TREE):
        await town.files(reference, who=reference)


async def groups(town: Town) -> list[set[str]]:
    """Which issues are together."""
    rows = await town.rows("select group_id, reference from issue where group_id is not null")
    ids = sorted({row["group_id"] for row in rows})
    return [{row["reference"] for row in rows if row["group_id"] == one} for one in ids]


async def audited(town: Town, actor: str = "staff 1") -> list[tuple[str, str]]:
    """What one of the staff did since they joined, and to what."""
    rows = await town.rows(f"select action, subject from audit where actor = '{actor}' order by id")
    return [(row["action"], row["subject"]) for row in rows if row["action"] != "staff.join"]


async def texts(town: Town, reference: str, *, current: bool = True) -> list[str]:
    issue_id = (await town.issue(reference))["id"]
    more = "and superseded_at is null" if current else ""
    rows = await town.rows(f"select words from text where issue_id = {issue_id} {more} order by id")
    return [row["words"] for row in rows]


async def translates(town: Town, words: str) -> None:
    """A machine puts all that waits into German."""
    made = [
        Made(one.text_id, one.language, words, "good")
        for one in await town.database.read(
            lambda tx: translations.waiting(tx, [("ar", "de")], town.now, 100)
        )
    ]
    await town.database.transaction(lambda tx: translations.keep(tx, made, town.now))


# Together


async def test_issues_are_put_together_and_groups_become_one(town: Town) -> None:
    await four(town)
    await town.acts("anna", IssuesPutTogether((LAMP, LIFT)))
    await town.acts("anna", IssuesPutTogether((BUS, TREE)))
    assert await groups(town) == [{LAMP, LIFT}, {BUS, TREE}]
    await town.acts("anna", IssuesPutTogether((TREE, LIFT)))
    assert await groups(town) == [{LAMP, LIFT, BUS, TREE}]
    assert (await audited(town))[-1] == ("issue.merge", f"{TREE} {LIFT}")


async def test_what_was_put_together_in_error_is_taken_out_and_not_proposed_with_the_others_again(
    town: Town,
) -> None:
    await four(town)
    await town.acts("anna", IssuesPutTogether((LAMP, LIFT, BUS)))
    await town.acts("anna", IssueTakenOut(LIFT))
    assert await groups(town) == [{LAMP, BUS}]
    assert (await audited(town))[-1] == ("issue.alone", LIFT)
    council = town.ids.councils["graz"]
    ids = {one: (await town.issue(one))["id"] for one in (LAMP, LIFT, BUS)}
    proposed = await town.database.read(lambda tx: digests.proposed_since(tx, council, town.now))
    apart = [(one.state, set(one.issues)) for one in proposed]
    assert apart == [("declined", {ids[LAMP], ids[LIFT]}), ("declined", {ids[BUS], ids[LIFT]})]
    await town.says(LIFT, "closed", "Repariert")
    assert [(await town.issue(one))["status"] for one in (LAMP, LIFT, BUS)] == ["filed", "closed", "filed"]


async def test_spam_leaves_those_it_was_put_together_with(town: Town) -> None:
    await four(town)
    await town.acts("anna", IssuesPutTogether((LAMP, LIFT, BUS)))
    await town.acts("anna", IssueMarkedSpam(LIFT))
    assert await groups(town) == [{LAMP, BUS}]


async def test_what_is_alone_is_taken_out_of_nothing(town: Town) -> None:
    await four(town)
    await town.acts("anna", IssueTakenOut(LIFT))
    assert await groups(town) == []
    assert await town.rows("select id from proposal") == []


async def proposal(town: Town) -> str:
    (row,) = await town.rows("select state from proposal")
    return str(row["state"])


@pytest.mark.parametrize("taken", [True, False])
async def test_a_proposal_is_decided_once(town: Town, taken: bool) -> None:
    await four(town)
    ids = [(await town.issue(one))["id"] for one in (LAMP, LIFT)]
    council = town.ids.councils["graz"]
    await town.proposes([LAMP, LIFT])
    decisions: list[Event] = [IssuesPutTogether((LAMP, LIFT), 1), ProposalDeclined(1)]
    for decision in decisions if taken else reversed(decisions):
        await town.acts("anna", decision)
    assert await proposal(town) == ("taken" if taken else "declined")
    proposed = await town.database.read(lambda tx: digests.proposed_since(tx, council, town.now))
    assert [(one.state, list(one.issues)) for one in proposed] == [("taken" if taken else "declined", ids)]


# Apart


async def test_one_message_of_several_problems_becomes_several_issues(town: Town) -> None:
    await town.joins("anna")
    lamp = filed(LAMP, "The lamp. The bus.", "The tree.", place="Griesplatz", danger=True)
    person = (await town.talk("x", lamp, into=("de",))).contact.id
    other = await town.supports(LAMP, "other")
    before = await town.issue(LAMP)
    town.now += DAY
    apart = IssueTakenApart(LAMP, (BUS, TREE), ("The lamp.", "The bus.", "The tree."))
    await town.acts("anna", apart)
    assert [await texts(town, one) for one in (LAMP, BUS, TREE)] == [
        ["The lamp."],
        ["The bus."],
        ["The tree."],
    ]
    assert await texts(town, LAMP, current=False) == ["The lamp. The bus.", "The tree.", "The lamp."]
    same = ("contact_id", "language", "place", "danger", "filed_at", "hear_by", "status", "notice_version")
    for part in (BUS, TREE):
        issue = await town.issue(part)
        assert {column: issue[column] for column in same} == {column: before[column] for column in same}
    assert await town.happened(LAMP) == [("filed", ""), ("split", "")]
    assert await town.happened(BUS) == await town.happened(TREE) == [("filed", LAMP)]
    wanted = await town.database.read(lambda tx: translations.waiting(tx, [("ar", "de")], town.now, 100))
    assert sorted(one.words for one in wanted) == ["The bus.", "The lamp.", "The tree."]
    supporters = await town.rows(f"select issue_id from supporter where contact_id = {other}")
    assert len(supporters) == 3
    assert set(await town.news()) == {person, other}
    said = await town.database.read(lambda tx: answers.news_of(tx, 1, person))
    assert said is not None
    assert (said.kind, said.detail) == ("split", f"{LAMP},{BUS},{TREE}")
    assert await audited(town) == [("issue.split", LAMP)]


# Covered


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("Amira", "[…] Haddad says: […]'s lamp (1+1)"),
        ("amira haddad", "[…] says: AMIRA's lamp (1+1)"),
        ("(1+1)", "Amira Haddad says: AMIRA's lamp […]"),
        ("Nobody", "Amira Haddad says: AMIRA's lamp (1+1)"),
    ],
)
async def test_words_are_covered_wherever_they_stand_in_an_issue(town: Town, words: str, left: str) -> None:
    await four(town)
    named = "Amira Haddad says: AMIRA's lamp (1+1)"
    await town.talk("x", filed("GRZ-6666", named), who="other", into=("de",))
    await translates(town, named)
    await town.talk("x", IssueCorrected("GRZ-6666", named, "", (), "ar"), who="other", into=("de",))
    await translates(town, named)
    await town.talk("x", filed("GRZ-7777", named), who="third")
    await town.acts("anna", WordsCovered("GRZ-6666", words))
    assert await texts(town, "GRZ-6666", current=False) == [left, left]
    assert [row["words"] for row in await town.rows("select words from translation")] == [left, left]
    assert await texts(town, "GRZ-7777") == [named]
    assert await audited(town) == [("issue.cover", "GRZ-6666")]


async def test_words_that_stand_only_in_a_translation_are_covered_too(town: Town) -> None:
    await town.joins("anna")
    await town.talk("x", filed(LAMP, "أميرة"), into=("de",))
    await translates(town, "Amira")
    await town.acts("anna", WordsCovered(LAMP, "Amira"))
    assert (await texts(town, LAMP), await town.rows("select words from translation")) == (
        ["أميرة"],
        [{"words": "[…]"}],
    )


async def test_what_staff_quoted_and_the_place_are_covered_with_the_rest(town: Town) -> None:
    await town.joins("anna")
    await town.talk("x", filed(LAMP, "أميرة", place="bei Amira, Lendplatz"))
    answered = await town.says(LAMP, words="Frau Amira bekommt Antwort")
    await town.renders(Rendered(answered.answer_id, "ar", "look", "Amira", "Amira", "weighty"))
    await town.acts("anna", WordsCovered(LAMP, "Amira"))
    assert (await town.issue(LAMP))["place"] == "bei […], Lendplatz"
    for table in ("answer", "rendering"):
        (row,) = await town.rows(f"select words from {table}")
        assert "Amira" not in row["words"]


async def test_what_a_machine_was_just_making_of_covered_words_is_not_kept(town: Town) -> None:
    await town.joins("anna")
    await town.talk("x", filed(LAMP, "Amira says"), into=("de",))
    (wanted,) = await town.database.read(lambda tx: translations.waiting(tx, [("ar", "de")], town.now, 100))
    await town.acts("anna", WordsCovered(LAMP, "Amira"))
    late = Made(wanted.text_id, "de", "Amira sagt", "good", attempts=wanted.attempts)
    await town.database.transaction(lambda tx: translations.keep(tx, [late], town.now))
    (row,) = await town.rows("select status, words from translation")
    assert (row["status"], row["words"]) == ("waiting", None)
    (anew,) = await town.database.read(lambda tx: translations.waiting(tx, [("ar", "de")], town.now, 100))
    assert anew.words == "[…] says"


# Spam


async def test_spam_is_closed_and_nobody_is_told(town: Town) -> None:
    await four(town)
    await town.says(LAMP, "discussed", detail="2026-03-10")
    await town.change("delete from news")
    await town.acts("anna", IssueMarkedSpam(LAMP))
    issue = await town.issue(LAMP)
    assert (issue["status"], issue["closed_at"], issue["promised_at"]) == ("spam", town.now, None)
    assert (await town.happened(LAMP))[-1] == ("spam", "")
    assert await town.news() == {}
    assert await audited(town) == [("issue.spam", LAMP)]


# Answered, viewed, looked at


async def test_an_answer_knows_who_gave_it_and_so_does_the_audit(town: Town) -> None:
    await four(town)
    await town.acts("anna", IssueViewed(LAMP), IssueAnswered(LAMP, "closed", "", "Repariert", "de"))
    (answer,) = await town.rows("select kind, words, staff_id from answer")
    assert answer == {"kind": "closed", "words": "Repariert", "staff_id": 1}
    assert await audited(town) == [("issue.view", LAMP), ("issue.closed", LAMP)]


async def test_who_looked_first_is_in_the_audit(town: Town) -> None:
    await four(town)
    await town.joins("ivo", "interpreter")
    answer_id = (await town.says(LAMP, "said", "Der Lift")).answer_id
    await town.renders(Rendered(answer_id, "ar", "look", "المصعد"))
    for who in ("ivo", "anna"):
        await town.acts(who, TranslationLooked(answer_id, "ar", "send"))
    assert await audited(town, "staff 2") == [("translation.send", f"answer {answer_id}")]
    assert await audited(town) == []


async def test_operators_hear_once_of_an_invitation_that_comes_again(town: Town) -> None:
    code = await town.invites("deputy")
    for who in ("one", "two"):
        await town.talk("join", InvitationRefused(code), who=who)
    told = await town.database.read(lambda tx: due.take(tx, town.now, [desk_acts.TELL]))
    assert [dict(one.detail) for one in told] == [{"what": "invitation", "council": "graz", "role": "deputy"}]
    assert code not in str(told)
    assert await audited(town, "stranger") == [("staff.join again", "deputy")] * 2


# Who may not

ACTS: Sequence[Event] = (
    IssueViewed(LAMP),
    IssueAnswered(LAMP, "closed"),
    IssuesPutTogether((LAMP, LIFT), 1),
    ProposalDeclined(1),
    IssueTakenApart(LAMP, (BUS,), ("The", "lamp")),
    WordsCovered(LAMP, "lamp"),
    IssueMarkedSpam(LAMP),
    TranslationLooked(1, "ar", "write", "Not mine"),
)


@pytest.mark.parametrize("act", ACTS, ids=lambda act: type(act).__name__)
async def test_who_has_no_such_duty_in_this_council_does_nothing(town: Town, act: Event) -> None:
    await something_of_everything(town)
    roles: Sequence[Role] = ("organiser", "facilitator", "operator")
    for role in roles:
        await town.joins(role, role)
    await town.joins("coordinator of another", council="empoli")
    for who in ("nobody", *roles, "coordinator of another"):
        await refused(town, who, act)


async def test_an_interpreter_looks_and_does_not_answer(town: Town) -> None:
    await something_of_everything(town)
    await town.joins("ivo", "interpreter")
    await town.acts("ivo", IssueViewed(LAMP))
    await refused(town, "ivo", IssueAnswered(LAMP, "closed"))


async def something_of_everything(town: Town) -> None:
    """Two issues that are proposed as one, and a translation that waits for a look."""
    for reference in (LAMP, LIFT):
        await town.files(reference, who=reference)
    await town.proposes([LAMP, LIFT])
    answer_id = (await town.says(LAMP, "said", "Der Lift")).answer_id
    await town.renders(Rendered(answer_id, "ar", "look", "المصعد"))


async def refused(town: Town, who: str, act: Event) -> None:
    """Nothing of this is written, nor anything else of the turn."""
    stored = await town.hears("at the desk", who)
    (waiting,) = [one for one in await town.waiting() if one.inbox_id == stored.inbox_id]
    before = await town.dump()
    with pytest.raises(RefusedRow):
        await town.write(outcome(waiting, act, says=["Done."], into=("de",)))
    assert await town.dump() == before


async def test_an_issue_that_was_taken_back_is_put_together_with_nothing(town: Town) -> None:
    await four(town)
    await town.change(f"update issue set erased_at = {town.now} where reference = '{LIFT}'")
    await refused(town, "anna", IssuesPutTogether((LAMP, LIFT)))

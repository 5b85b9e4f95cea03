-- name: case_of(reference, council_id)^
select
    i.id,
    i.reference,
    i.status,
    i.topic,
    i.place,
    i.latitude,
    i.longitude,
    i.language,
    i.filed_at,
    i.hear_by,
    i.danger,
    i.group_id,
    i.answered_at,
    i.closed_at,
    i.erased_at,
    (select count(*) from media m where m.issue_id = i.id and m.state in ('wanted', 'kept')) as media
from issue i
where i.reference = :reference
    and i.council_id = :council_id

-- name: people_of_issue(issue_id)
select
    (select count(*) from supporter s where s.issue_id = i.id)
        + case when i.contact_id is null then 0 else 1 end as people
from issue i
where i.id = :issue_id

-- name: people_of_group(group_id)
select
    i.group_id,
    i.contact_id
from issue i
where i.group_id = :group_id
    and i.contact_id is not null
union
select
    i.group_id,
    s.contact_id
from issue i
join supporter s on s.issue_id = i.id
where i.group_id = :group_id

-- name: references_of_group(group_id)
select reference
from issue
where group_id = :group_id
order by id

-- name: latest_answer(issue_id)^
select
    a.kind,
    a.at,
    a.staff_id,
    coalesce(s.name, '') as name,
    a.detail,
    a.words
from answer_issue x
join answer a on a.id = x.answer_id
left join staff s on s.id = a.staff_id
where x.issue_id = :issue_id
    and a.kind not in ('late', 'split')
order by case when a.kind = 'seen' then 1 else 0 end, x.answer_id desc
limit 1

-- name: history_of_issue(issue_id)
select
    issue_id,
    at,
    what,
    detail
from issue_history
where issue_id = :issue_id
order by id

-- name: history_for_person(issue_id, contact_id)
-- What the council said is told once its news was said; who could not be written to finds it here.
select
    h.issue_id,
    h.at,
    h.what,
    h.detail,
    case
        when exists (
            select 1
            from answer_issue x
            join answer a on a.id = x.answer_id
            where x.issue_id = h.issue_id
                and a.at = h.at
                and a.kind = h.what
                and not exists (
                    select 1
                    from news n
                    where n.answer_id = a.id and n.contact_id = :contact_id and n.state in ('said', 'untold')
                )
        ) then 0
        else 1
    end as told
from issue_history h
where h.issue_id = :issue_id
order by h.id

-- name: digests_of_council(council_id, since)
-- As many rows as there were weeks.
select
    id,
    week,
    made_at
from digest
where council_id = :council_id
    and made_at >= :since
order by made_at desc

-- name: item_of_digest(digest_id, number)
select
    x.digest_id,
    i.reference
from digest_item x
join issue i on i.id = x.issue_id
where x.digest_id = :digest_id
    and x.number = :number

-- name: unseen_of_digest(digest_id, limit)
select i.reference
from digest_item x
join issue i on i.id = x.issue_id
where x.digest_id = :digest_id
    and x.section in ('first', 'new')
    and i.status = 'filed'
order by x.number
limit :limit

-- name: proposal_of_digest(digest_id, number)^
select
    p.id,
    p.state
from digest_proposal x
join proposal p on p.id = x.proposal_id
where x.digest_id = :digest_id
    and x.number = :number

-- name: issues_of_proposal(proposal_id)
select i.reference
from proposal_issue x
join issue i on i.id = x.issue_id
where x.proposal_id = :proposal_id
    and i.erased_at is null
order by i.id

-- name: council_of_proposal(id)$
select council_id
from proposal
where id = :id

-- name: settle_proposal(id, state)!
update proposal
set state = :state
where id = :id
    and state = 'open'

-- name: messages_about(address_id)
select
    about,
    provider_id
from outbox
where address_id = :address_id
    and about <> ''
order by id desc

-- name: insert_group(council_id, now)<!
insert into issue_group (council_id, made_at)
values (:council_id, :now)
returning id

-- name: ids_of_group(group_id)
select id
from issue
where group_id = :group_id
order by id

-- name: put_into_group(group_id, reference)*!
update issue
set group_id = cast(:group_id as bigint)
where reference = :reference

-- name: move_group(group_id, other_id)*!
update issue
set group_id = :group_id
where group_id = :other_id

-- name: part_of_issue(reference, other)*!
insert into issue (
    council_id, contact_id, reference, kind, status, channel, language, place, latitude, longitude, danger,
    notice_version, filed_at, hear_by
)
select
    i.council_id, i.contact_id, cast(:other as text), i.kind, 'filed', i.channel, i.language, i.place, i.latitude,
    i.longitude, i.danger, i.notice_version, i.filed_at, i.hear_by
from issue i
where i.reference = :reference

-- name: supersede_texts_of(reference, now)*!
update text
set superseded_at = :now
where issue_id = (select i.id from issue i where i.reference = :reference)
    and superseded_at is null

-- name: forget_waiting_translations_of(reference)*!
delete from translation
where status = 'waiting'
    and text_id in (select t.id from issue i join text t on t.issue_id = i.id where i.reference = :reference)

-- name: insert_part_text(reference, words, now)*!
insert into text (issue_id, role, language, words, created_at)
select i.id, 'original', i.language, :words, :now
from issue i
where i.reference = :reference

-- name: want_translations_of_issue(reference, language, now)*!
insert into translation (text_id, language, source, due_at)
select t.id, cast(:language as text), t.language, cast(:now as bigint)
from issue i
join text t on t.issue_id = i.id
where i.reference = :reference
    and t.superseded_at is null
    and t.language <> :language
on conflict (text_id, language) do nothing

-- name: support_of_part(reference, other)*!
insert into supporter (issue_id, contact_id, at)
select p.id, s.contact_id, s.at
from issue i
join supporter s on s.issue_id = i.id
join issue p on p.reference = :other
where i.reference = :reference

-- name: issue_id_of(reference)$
select id
from issue
where reference = :reference

-- name: all_texts(issue_id)
select
    id,
    words
from text
where issue_id = :issue_id

-- name: all_translations(issue_id)
select
    w.text_id,
    w.language,
    w.words
from text t
join translation w on w.text_id = t.id
where t.issue_id = :issue_id
    and w.words is not null

-- name: rewrite_text(id, words)*!
update text
set words = :words
where id = :id

-- name: rewrite_translation(text_id, language, words)*!
update translation
set words = :words
where text_id = :text_id
    and language = :language

-- name: is_spam(reference, now)*!
update issue
set status = 'spam',
    closed_at = :now,
    answered_at = :now,
    replied_at = null,
    promised_at = null
where reference = :reference

-- name: group_of(reference)^
select
    id,
    council_id,
    group_id
from issue
where reference = :reference
    and erased_at is null

-- name: worded_place(issue_id)
select
    id,
    place as words
from issue
where id = :issue_id

-- name: rewrite_place(id, words)*!
update issue
set place = :words
where id = :id

-- name: worded_answers(issue_id)
select
    a.id,
    a.words
from answer_issue x
join answer a on a.id = x.answer_id
where x.issue_id = :issue_id

-- name: rewrite_answer(id, words)*!
update answer
set words = :words
where id = :id

-- name: worded_renderings(issue_id)
select
    r.answer_id,
    r.language,
    r.words
from answer_issue x
join rendering r on r.answer_id = x.answer_id
where x.issue_id = :issue_id

-- name: rewrite_rendering(answer_id, language, words)*!
update rendering
set words = :words,
    back = ''
where answer_id = :answer_id
    and language = :language

-- name: translate_anew(issue_id)*!
update translation
set attempts = attempts + 1
where text_id in (select t.id from text t where t.issue_id = :issue_id)
    and status = 'waiting'

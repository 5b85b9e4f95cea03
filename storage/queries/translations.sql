-- name: want_translations(reference, contact_id, language, now)*!
insert into translation (text_id, language, source, due_at)
select t.id, cast(:language as text), t.language, cast(:now as bigint)
from issue i
join text t on t.issue_id = i.id
where i.reference = :reference
    and i.contact_id = :contact_id
    and t.superseded_at is null
    and t.language <> :language
on conflict (text_id, language) do nothing

-- name: learn_language_of_texts(contact_id, language)*!
-- What was too short to tell is in the language that the person went on in.
update text
set language = :language
where language is null
    and issue_id in (select i.id from issue i where i.contact_id = :contact_id)

-- name: learn_language_of_issues(contact_id, language)*!
update issue
set language = :language
where language is null
    and contact_id = :contact_id

-- name: want_translations_of_contact(contact_id, language, now)*!
insert into translation (text_id, language, source, due_at)
select t.id, cast(:language as text), t.language, cast(:now as bigint)
from issue i
join text t on t.issue_id = i.id
where i.contact_id = :contact_id
    and t.superseded_at is null
    and t.language <> :language
on conflict (text_id, language) do nothing

-- name: want_translations_no_more(reference, contact_id)*!
-- Nobody waits for what a superseded text says.
delete from translation
where status = 'waiting'
    and text_id in (
        select t.id
        from issue i
        join text t on t.issue_id = i.id
        where i.reference = :reference and i.contact_id = :contact_id
    )

-- name: next_waiting_source(source)$
select min(source)
from translation
where status = 'waiting'
    and source > :source

-- name: waiting_translations(source, language, now, limit)
select
    w.text_id,
    w.language,
    w.source,
    t.words,
    w.attempts
from translation w
join text t on t.id = w.text_id
where w.source = :source
    and w.language = :language
    and w.status = 'waiting'
    and w.due_at <= :now
order by w.due_at
limit :limit

-- name: keep_translation(text_id, language, words, status, reason, made_by, engine, attempts, now)*!
-- Erased, written by a person or to be made anew meanwhile, it is not written over.
update translation
set words = :words,
    status = :status,
    reason = :reason,
    made_by = :made_by,
    engine = :engine,
    made_at = :now
where text_id = :text_id
    and language = :language
    and status = 'waiting'
    and attempts = :attempts

-- name: try_translation_later(text_id, language, due_at, reason, tried)*!
update translation
set attempts = attempts + :tried,
    due_at = :due_at,
    reason = :reason
where text_id = :text_id
    and language = :language
    and status = 'waiting'

-- name: translations_of_issue(issue_id)
select
    t.issue_id,
    t.id as text_id,
    w.language,
    w.words,
    w.status,
    w.made_by
from text t
join translation w on w.text_id = t.id
where t.issue_id = :issue_id
    and t.superseded_at is null
order by t.id

-- name: translations_waiting()$
select count(*)
from translation
where status = 'waiting'

-- name: erase_translations(contact_id)*!
delete from translation
where text_id in (
    select t.id
    from issue i
    join text t on t.issue_id = i.id
    where i.contact_id = :contact_id
)

-- name: delete_translations_of_issue(issue_id)*!
delete from translation
where text_id in (select t.id from text t where t.issue_id = :issue_id)

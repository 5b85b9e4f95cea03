-- name: erase_inbox(contact_id)*!
-- Only what was set aside still has words, and of what we said what may not have arrived, or may come back.
update inbox
set body = null,
    reason = ''
where status = 'aside'
    and contact_id = :contact_id

-- name: erase_outbox(contact_id)*!
update outbox
set body = null
where status = 'unknown'
    and contact_id = :contact_id

-- name: erase_words_sent(contact_id)*!
update outbox
set body = null
where status = 'sent'
    and body is not null
    and contact_id = :contact_id

-- name: erase_texts(contact_id)*!
delete from text
where issue_id in (select i.id from issue i where i.contact_id = :contact_id)

-- name: erase_media(contact_id)*!
delete from media
where contact_id = :contact_id

-- name: issues_of_contact(contact_id)
select id as issue_id
from issue
where contact_id = :contact_id

-- name: note_withdrawn(contact_id, now)*!
insert into issue_history (issue_id, at, what)
select i.id, :now, 'withdrawn'
from issue i
where i.contact_id = :contact_id

-- name: erase_issues(contact_id, now)*!
update issue
set contact_id = null,
    status = 'withdrawn',
    language = null,
    place = '',
    latitude = null,
    longitude = null,
    affected = '',
    danger = 0,
    promised_at = null,
    replied_at = null,
    closed_at = coalesce(closed_at, :now),
    erased_at = :now
where contact_id = :contact_id

-- name: erase_support(contact_id)*!
delete from supporter
where contact_id = :contact_id

-- name: erase_consents(contact_id)*!
delete from consent
where contact_id = :contact_id

-- name: erase_run(contact_id)*!
delete from run
where contact_id = :contact_id

-- name: erase_due(contact_id)*!
delete from due
where contact_id = :contact_id

-- name: erase_contact(contact_id, pseudonym, now)*!
-- A new pseudonym, so that whoever comes back is nobody that staff knew.
update contact
set state = 'erased',
    pseudonym = :pseudonym,
    language = null,
    language_chosen = 0,
    two_languages = '',
    erased_at = :now
where id = :contact_id

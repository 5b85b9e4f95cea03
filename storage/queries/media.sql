-- name: wanted_media(account_id, now, limit)
select
    id,
    kind,
    remote,
    contact_id,
    attempts,
    created_at
from media
where account_id = :account_id
    and state = 'wanted'
    and due_at <= :now
order by due_at
limit :limit

-- name: media_kept(id, file, mime, size)!
update media
set state = 'kept',
    remote = '',
    file = :file,
    mime = :mime,
    size = :size
where id = :id
    and state = 'wanted'

-- name: media_refused(id, reason)!
update media
set state = 'refused',
    remote = '',
    reason = :reason
where id = :id
    and state = 'wanted'

-- name: sender_of_media(id)^
-- By SMS nobody is told, for a message that nobody asked for costs them and us.
select
    a.id as address_id,
    m.kind,
    m.created_at,
    c.id as contact_id,
    c.language,
    c.phone_language,
    k.key as council
from media m
join contact c on c.id = m.contact_id
join council k on k.id = c.council_id
join account w on w.id = m.account_id
join address a on a.contact_id = c.id and a.account_id = m.account_id
where m.id = :id
    and w.channel <> 'sms'
    and c.state = 'active'
    and c.muted = 0
    and a.state = 'ok'
order by a.id desc
limit 1

-- name: media_later(id, due_at)!
update media
set attempts = attempts + 1,
    due_at = :due_at
where id = :id

-- name: media_files(after, limit)
select
    id,
    file,
    remote
from media
where id > :after
order by id
limit :limit

-- name: media_of_issue(issue_id)
select
    id,
    issue_id,
    kind,
    state,
    file,
    mime,
    size
from media
where issue_id = :issue_id
order by created_at, id

-- name: file_of_media(id, contact_id)^
select
    contact_id,
    file,
    remote
from media
where id = :id
    and contact_id = :contact_id

-- name: files_of_contact(contact_id)
select
    contact_id,
    file,
    remote
from media
where contact_id = :contact_id

-- name: delete_media(id, contact_id)*!
delete from media
where id = :id
    and contact_id = :contact_id

-- name: wanted_of_contact(contact_id)
select id
from media
where contact_id = :contact_id
    and state = 'wanted'

-- name: media_is_wanted(id)
select id
from media
where id = :id
    and state = 'wanted'

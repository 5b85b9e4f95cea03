-- name: sweep_inbox(before, limit)!
delete from inbox
where id in (
    select i.id
    from inbox i
    where i.status <> 'unread' and i.received_at < :before
    order by i.received_at
    limit :limit
)

-- name: sweep_outbox(before, limit)!
delete from outbox
where id in (
    select o.id
    from outbox o
    where o.settled_at < :before
    order by o.settled_at
    limit :limit
)

-- name: sweep_due(before, limit)!
delete from due
where id in (
    select d.id
    from due d
    where d.done_at < :before
    order by d.done_at
    limit :limit
)

-- name: old_page_messages(before, limit)
select
    address_id,
    id
from page_message
where created_at < :before
order by created_at
limit :limit

-- name: delete_page_message(address_id, id)*!
delete from page_message
where address_id = :address_id
    and id = :id

-- name: issues_to_empty(council, before, limit)
select id as issue_id
from issue
where council_id = (select k.id from council k where k.key = :council)
    and closed_at < :before
    and erased_at is null
order by closed_at
limit :limit

-- name: files_of_issue(issue_id)
select
    file,
    remote
from media
where issue_id = :issue_id

-- name: delete_texts_of_issue(issue_id)*!
delete from text
where issue_id = :issue_id

-- name: delete_media_of_issue(issue_id)*!
delete from media
where issue_id = :issue_id

-- name: empty_issue(issue_id, now)*!
update issue
set contact_id = null,
    place = '',
    latitude = null,
    longitude = null,
    affected = '',
    erased_at = :now
where id = :issue_id

-- name: delete_support_of_issue(issue_id)*!
delete from supporter
where issue_id = :issue_id

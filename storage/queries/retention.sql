-- name: old_inbox(before, limit)
-- Found first and deleted by id, because a database that joins the two steps may walk through the whole table.
select id
from inbox
where status <> 'unread'
    and received_at < :before
order by received_at
limit :limit

-- name: delete_inbox(id)*!
delete from inbox
where id = :id

-- name: old_outbox(before, limit)
select id
from outbox
where settled_at < :before
order by settled_at
limit :limit

-- name: delete_outbox(id)*!
delete from outbox
where id = :id

-- name: old_due(before, limit)
select id
from due
where done_at < :before
order by done_at
limit :limit

-- name: delete_due(id)*!
delete from due
where id = :id

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

-- name: runs_over(before, limit)
select contact_id
from run
where body is null
    and heard_at < :before
order by heard_at
limit :limit

-- name: delete_run(contact_id)*!
delete from run
where contact_id = :contact_id

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
    danger = 0,
    promised_at = null,
    replied_at = null,
    erased_at = :now
where id = :issue_id

-- name: delete_support_of_issue(issue_id)*!
delete from supporter
where issue_id = :issue_id

-- name: set_outbox_back(by, now, until)*!
update outbox
set due_at = due_at - :by
where status = 'queued'
    and due_at > :now
    and due_at <= :until

-- name: set_inbox_back(by, now, until)*!
update inbox
set due_at = due_at - :by
where status = 'unread'
    and due_at > :now
    and due_at <= :until

-- name: set_due_back(by, now, until)*!
update due
set at = at - :by
where done_at is null
    and at > :now
    and at <= :until

-- name: set_media_back(by, now, until)*!
update media
set due_at = due_at - :by
where state = 'wanted'
    and due_at > :now
    and due_at <= :until

-- name: set_renderings_back(by, now, until)*!
update rendering
set due_at = due_at - :by
where status = 'waiting'
    and due_at > :now
    and due_at <= :until

-- name: set_news_back(by, now, until)*!
update news
set due_at = due_at - :by
where state = 'ready'
    and due_at > :now
    and due_at <= :until

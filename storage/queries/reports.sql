-- name: outbox_reported_on(id, account)^
select
    o.status,
    o.reason,
    o.due_at,
    o.provider_id,
    o.attempts,
    o.reached,
    o.failed_as,
    case when o.body is null then 0 else 1 end as kept
from outbox o
join account a on a.id = o.account_id
where o.id = :id
    and a.key = :account
{lock_outbox}

-- name: outbox_came(id, provider_id, reached, keep_body, overtaken, now)*!
update outbox
set status = 'sent',
    provider_id = :provider_id,
    reached = :reached,
    reason = '',
    body = case when :keep_body = 1 then body end,
    overtaken = case when :overtaken = 1 then 1 else overtaken end,
    settled_at = case when status = 'sent' then settled_at else :now end
where id = :id

-- name: outbox_failed_as(id, failed_as)*!
update outbox
set failed_as = :failed_as,
    reached = ''
where id = :id

-- name: outbox_again(id, failed_as, due_at, reason)*!
update outbox
set status = 'queued',
    provider_id = '',
    reached = '',
    failed_as = :failed_as,
    reason = :reason,
    due_at = :due_at,
    settled_at = null
where id = :id

-- name: outbox_refused(id, failed_as, reason, now)*!
update outbox
set status = 'refused',
    failed_as = :failed_as,
    reason = :reason,
    body = null,
    settled_at = :now
where id = :id

-- name: outbox_overtaken(id, segments, category)*!
-- A report was faster than we, and what it cost is still to be written, once.
update outbox
set overtaken = 0,
    segments = segments + :segments,
    category = case when :category = '' then category else :category end
where id = :id
    and overtaken = 1

-- name: put_due(kind, key, at, contact_id, detail)*!
insert into due (kind, key, at, contact_id, detail)
values (:kind, :key, :at, :contact_id, :detail)
on conflict (key) do nothing

-- name: put_due_again(kind, key, at, contact_id)*!
insert into due (kind, key, at, contact_id)
values (:kind, :key, :at, :contact_id)
on conflict (key) do update
set at = excluded.at,
    attempts = 0,
    done_at = null

-- name: open_due(kind, now, limit)
select
    id,
    kind,
    key,
    at,
    contact_id,
    detail,
    attempts
from due
where kind = :kind
    and at <= :now
    and done_at is null
order by at
limit :limit

-- name: due_done(id, now)!
update due
set done_at = :now
where id = :id

-- name: due_later(id, at)!
update due
set at = :at,
    attempts = attempts + 1
where id = :id

-- name: cancel_due(key)*!
delete from due
where key = :key

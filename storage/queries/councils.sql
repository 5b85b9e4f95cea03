-- name: put_council(key)*!
insert into council (key)
values (:key)
on conflict (key) do nothing

-- name: put_account(key, channel, council)*!
insert into account (key, channel, council_id)
values (:key, :channel, (select k.id from council k where k.key = :council))
on conflict (key) do update
set channel = excluded.channel,
    council_id = excluded.council_id

-- name: councils()
select
    id,
    key
from council

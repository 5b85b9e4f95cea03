-- name: accounts()
select
    id,
    key,
    channel,
    council_id
from account

-- name: council_id(key)^
select
    id,
    key
from council
where key = :key

-- name: address_by_hash(account_id, hash)^
select
    a.id,
    a.account_id,
    a.hash,
    a.contact_id,
    c.phone_language
from address a
join contact c on c.id = a.contact_id
where a.account_id = :account_id
    and a.hash = :hash

-- name: insert_contact(council_id, pseudonym, phone_language, now)<!
insert into contact (council_id, pseudonym, phone_language, created_at)
values (:council_id, :pseudonym, :phone_language, :now)
on conflict (pseudonym) do nothing
returning id, pseudonym

-- name: insert_address(account_id, contact_id, hash, sealed, phone, now)<!
insert into address (account_id, contact_id, hash, sealed, phone, created_at)
values (:account_id, :contact_id, :hash, :sealed, :phone, :now)
on conflict (account_id, hash) do nothing
returning id

-- name: delete_contact_without_address(contact_id)*!
delete from contact
where id = :contact_id
    and not exists (select 1 from address a where a.contact_id = contact.id)

-- name: set_phone_language(contact_id, phone_language)*!
update contact
set phone_language = :phone_language
where id = :contact_id

-- name: insert_inbox(account_id, kind, external_id, contact_id, address_id, ref, body, now, status, reason)<!
insert into inbox (account_id, kind, external_id, contact_id, address_id, ref, body, received_at, due_at, status, reason)
values (:account_id, :kind, :external_id, :contact_id, :address_id, :ref, :body, :now, :now, :status, :reason)
on conflict (account_id, kind, external_id) do nothing
returning id, account_id, kind, external_id

-- name: insert_nudge(contact_id, key, kind, now)!
-- Goes to the address the person was last heard on.
insert into inbox (account_id, kind, external_id, contact_id, address_id, body, received_at, due_at, status)
select a.account_id, 'nudge', :key, a.contact_id, a.id, :kind, :now, :now, 'unread'
from address a
where a.id = coalesce(
        (
            select r.address_id
            from run r
            join address b on b.id = r.address_id and b.state = 'ok'
            where r.contact_id = :contact_id
        ),
        (
            select max(b.id)
            from address b
            join account w on w.id = b.account_id
            where b.contact_id = :contact_id and b.state = 'ok' and w.channel <> 'mail'
        ),
        (select max(b.id) from address b where b.contact_id = :contact_id)
    )
on conflict (account_id, kind, external_id) do nothing

-- name: nudge_makes_room(account_id, key)*!
-- The same is to be said once more.
update inbox
set external_id = external_id || '-' || cast(id as text)
where account_id = :account_id
    and kind = 'nudge'
    and external_id = :key

-- name: insert_media(id, contact_id, account_id, kind, remote, now)*!
insert into media (id, contact_id, account_id, kind, remote, due_at, created_at)
values (:id, :contact_id, :account_id, :kind, :remote, :now, :now)
on conflict (id) do nothing

-- name: attempted(id, due_at, reason)<!
update inbox
set attempts = attempts + 1,
    due_at = :due_at,
    reason = :reason
where id = :id
returning attempts

-- name: set_aside(id, reason)!
update inbox
set status = 'aside',
    reason = :reason
where id = :id
    and status = 'unread'

-- name: copy_of_aside(id)^
select
    a.key as account,
    a.channel,
    i.contact_id,
    i.ref
from inbox i
join account a on a.id = i.account_id
where i.id = :id
    and i.ref <> ''
    and i.contact_id is not null

-- name: inbox_status(id)$
select status
from inbox
where id = :id

-- name: inbox_counts()^
select
    (select count(*) from inbox where status = 'unread') as unread,
    (select received_at from inbox where status = 'unread' order by id limit 1) as oldest_unread_at,
    (select count(*) from inbox where status = 'aside') as aside

-- name: listed_aside(limit)
select
    i.id,
    a.key as account,
    i.kind,
    i.received_at,
    i.reason
from inbox i
join account a on a.id = i.account_id
where i.status = 'aside'
order by i.id desc
limit :limit

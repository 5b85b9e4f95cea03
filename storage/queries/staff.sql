-- name: insert_staff(council, role, name, code_hash, mail_hash, mail_sealed, now, expires_at)<!
insert into staff (council_id, role, name, code_hash, mail_hash, mail_sealed, invited_at, expires_at)
select k.id, :role, :name, :code_hash, :mail_hash, :mail_sealed, :now, :expires_at
from council k
where k.key = :council
returning id

-- name: invitation(code_hash)^
select
    s.role,
    k.key as council,
    s.expires_at,
    s.joined_at,
    s.removed_at
from staff s
join council k on k.id = s.council_id
where s.code_hash = :code_hash

-- name: leave_other_places(contact_id, code_hash, now)!
-- Whoever takes a new place leaves the one they had.
update staff
set removed_at = :now,
    name = '',
    mail_hash = null,
    mail_sealed = null
where contact_id = :contact_id
    and removed_at is null
    and code_hash <> :code_hash

-- name: take_place(code_hash, contact_id, address_id, now)<!
update staff
set contact_id = :contact_id,
    address_id = :address_id,
    joined_at = :now
where code_hash = :code_hash
    and joined_at is null
    and removed_at is null
    and expires_at > :now
returning id, council_id, role

-- name: set_council_id(contact_id, council_id)!
update contact
set council_id = :council_id
where id = :contact_id

-- name: place_of(contact_id)^
select
    s.id,
    s.council_id,
    s.role
from staff s
join contact c on c.id = s.contact_id and c.council_id = s.council_id
where s.contact_id = :contact_id
    and s.removed_at is null

-- name: staff_of_council(council_id, joined_by)
select
    s.id,
    k.key as council,
    s.role,
    s.name,
    s.contact_id,
    s.address_id,
    c.language
from staff s
join council k on k.id = s.council_id
join contact c on c.id = s.contact_id
where s.council_id = :council_id
    and s.removed_at is null
    and s.joined_at <= :joined_by
order by s.id

-- name: places()
select
    s.id,
    k.key as council,
    s.role,
    s.name,
    s.invited_at,
    s.expires_at,
    s.joined_at,
    case when s.mail_hash is null then 0 else 1 end as mail,
    case when c.state = 'active' or c.state is null then 0 else 1 end as silent
from council k
join staff s on s.council_id = k.id and s.removed_at is null
left join contact c on c.id = s.contact_id
order by s.id

-- name: remove_staff(id, now)<!
update staff
set removed_at = :now,
    name = '',
    mail_hash = null,
    mail_sealed = null
where id = :id
    and removed_at is null
returning contact_id, role

-- name: drop_queued_letters(contact_id, now)*!
update outbox
set status = 'dropped',
    reason = 'not wanted',
    body = null,
    told = 1,
    settled_at = :now
where address_id in (
        select a.id
        from address a
        join account c on c.id = a.account_id
        where a.contact_id = :contact_id and c.channel = 'mail'
    )
    and status in ('queued', 'sending')
    and status = 'queued'

-- name: delete_mail_address(contact_id)*!
delete from address
where contact_id = :contact_id
    and account_id in (select c.id from account c where c.channel = 'mail')

-- name: give_mail_address(staff_id, account, now)!
-- The address may be another's by now, who left; letters go to whoever holds the place.
insert into address (account_id, contact_id, hash, sealed, created_at)
select c.id, s.contact_id, s.mail_hash, s.mail_sealed, :now
from staff s
join account c on c.key = :account
where s.id = :staff_id
    and s.mail_hash is not null
    and s.contact_id is not null
on conflict (account_id, hash) do update
set contact_id = excluded.contact_id,
    state = 'ok'

-- name: mail_address_of(contact_id)$
select a.id
from address a
join account c on c.id = a.account_id
where a.contact_id = :contact_id
    and c.channel = 'mail'

-- name: erase_staff(contact_id, now)*!
update staff
set removed_at = coalesce(removed_at, :now),
    name = '',
    mail_hash = null,
    mail_sealed = null
where contact_id = :contact_id

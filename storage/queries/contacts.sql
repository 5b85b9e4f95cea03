-- name: addresses_of(contact_id)
select
    a.id,
    c.key as account,
    c.channel,
    a.sealed,
    a.state
from address a
join account c on c.id = a.account_id
where a.contact_id = :contact_id
order by a.id

-- name: received_copies(contact_id)
-- Until the contact was erased; who came back since is another.
select
    c.key as account,
    i.address_id,
    i.ref,
    i.received_at as at
from address a
join contact p on p.id = a.contact_id
join account c on c.id = a.account_id
join inbox i on i.address_id = a.id
where a.contact_id = :contact_id
    and i.ref <> ''
    and (p.erased_at is null or i.received_at <= p.erased_at)
order by i.id

-- name: sent_copies(contact_id)
select
    c.key as account,
    o.address_id,
    o.provider_id as ref,
    o.created_at as at
from address a
join contact p on p.id = a.contact_id
join account c on c.id = a.account_id
join outbox o on o.address_id = a.id
where a.contact_id = :contact_id
    and o.provider_id <> ''
    and (p.erased_at is null or o.created_at <= p.erased_at)
order by o.id

-- name: mute(contact_id, muted)!
update contact
set muted = :muted
where id = :contact_id

-- name: contact_to_forget(contact_id)^
select
    state,
    erased_at,
    (
        select count(*)
        from address a
        join outbox o on o.address_id = a.id and o.status in ('queued', 'sending')
        where a.contact_id = contact.id
    ) + (
        select count(*) from inbox i where i.contact_id = contact.id and i.status = 'unread'
    ) as open
from contact
where id = :contact_id

-- name: detach_inbox(contact_id, until)*!
-- The row stays, so that a message the provider repeats is not heard as a new one.
update inbox
set contact_id = null,
    address_id = null,
    ref = '',
    body = null
where address_id in (select a.id from address a where a.contact_id = :contact_id)
    and received_at <= :until
    and status <> 'unread'

-- name: detach_outbox(contact_id, until)*!
update outbox
set address_id = null,
    provider_id = '',
    reason = '',
    body = null
where address_id in (select a.id from address a where a.contact_id = :contact_id)
    and created_at <= :until
    and status not in ('queued', 'sending')

-- name: delete_pages(contact_id)*!
delete from page_message
where address_id in (select a.id from address a where a.contact_id = :contact_id)

-- name: delete_addresses(contact_id)*!
delete from address
where contact_id = :contact_id

-- name: forget_contact(contact_id)*!
update contact
set phone_language = ''
where id = :contact_id

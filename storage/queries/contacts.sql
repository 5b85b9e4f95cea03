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

-- name: received_copies(contact_id, window)
-- Of the time before the contact was erased; who came back since is another.
select
    a.key as account,
    i.address_id,
    i.ref,
    i.received_at as at
from contact c
join inbox i on i.contact_id = c.id
    and i.status <> 'unread'
    and i.received_at >= c.erased_at - :window
    and i.received_at <= c.erased_at
join account a on a.id = i.account_id
where c.id = :contact_id
    and i.ref <> ''

-- name: sent_copies(contact_id, window)
select
    a.key as account,
    o.address_id,
    o.provider_id as ref,
    o.created_at as at
from contact c
join outbox o on o.contact_id = c.id
    and o.settled_at >= c.erased_at - :window
    and o.created_at < c.erased_at
join account a on a.id = o.account_id
where c.id = :contact_id
    and o.provider_id <> ''

-- name: mute(contact_id, muted)!
update contact
set muted = :muted
where id = :contact_id

-- name: contact_to_forget(contact_id, since)^
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
    ) + (
        select count(*)
        from address a
        join page_message p on p.address_id = a.id and p.sender = 'townbell' and p.created_at > :since
        where a.contact_id = contact.id
    ) as open
from contact
where id = :contact_id

-- name: detach_inbox(contact_id, since, until)*!
-- The row stays, so that a message the provider repeats is not heard as a new one.
update inbox
set contact_id = null,
    address_id = null,
    ref = ''
where status <> 'unread'
    and received_at >= :since
    and received_at <= :until
    and contact_id = :contact_id

-- name: detach_outbox(contact_id, since, until)*!
update outbox
set address_id = null,
    provider_id = '',
    reason = '',
    body = null
where settled_at >= :since
    and created_at <= :until
    and contact_id = :contact_id

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

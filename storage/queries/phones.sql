-- What somebody says to one sender of a council holds at the others, too, where they write from the same phone.

-- name: stop_same_phone(contact_id)*!
update contact
set state = 'stopped'
where state = 'active'
    and id in (select p.other_id from same_phone p where p.contact_id = :contact_id)

-- name: stopped_before(contact_id)*!
-- A newcomer from a phone that has said stop to another sender.
update contact
set state = 'stopped'
where id = :contact_id
    and exists (
        select 1
        from same_phone p
        join contact o on o.id = p.other_id
        where p.contact_id = :contact_id
            and o.state = 'stopped'
    )

-- name: start_same_phone(contact_id)*!
update contact
set state = 'active'
where state = 'stopped'
    and id in (select p.other_id from same_phone p where p.contact_id = :contact_id)

-- name: drop_queued_of_same_phone(contact_id, now)*!
update outbox
set status = 'dropped',
    reason = 'stopped',
    body = null,
    settled_at = :now
where address_id in (
        select a.id
        from same_phone p
        join address a on a.contact_id = p.other_id
        where p.contact_id = :contact_id
    )
    and status in ('queued', 'sending')
    and status = 'queued'
    and purpose <> 'farewell'

-- name: news_after_all_of_same_phone(contact_id, now)*!
update news
set state = 'ready',
    due_at = :now
where contact_id in (select p.other_id from same_phone p where p.contact_id = :contact_id)
    and state = 'untold'

-- name: decline_by_same_phone(contact_id, purpose, now, channel, language, notice_version)*!
-- Who has said nothing about it at another sender has said no now.
insert into consent (contact_id, purpose, given, at, channel, language, notice_version)
select distinct
    p.other_id, :purpose, 0,
    (
        select case when coalesce(max(n.at), 0) < :now then :now else max(n.at) + 1 end
        from consent n
        where n.contact_id = p.other_id and n.purpose = :purpose
    ),
    :channel, :language, :notice_version
from same_phone p
where p.contact_id = :contact_id

-- name: stop_contact_of(id)*!
-- The provider will not send to this phone any more, for they have told it so.
update contact
set state = 'stopped'
where state = 'active'
    and id = (
        select o.contact_id
        from outbox o
        join address a on a.id = o.address_id
        where o.id = :id
            and a.phone is not null
    )

-- name: contact_of_outbox(id)
select contact_id
from outbox
where id = :id

-- What a provider says later of a message that it took: how far that came (sent, delivered, read); the provider's names
-- of tries that came to nothing, so that hearing of them again says nothing new; and whether a report was here before we
-- had written down that it was sent, so that what it cost is still to be written.
alter table outbox add column reached text not null default '';
alter table outbox add column failed_as text not null default '';
alter table outbox add column overtaken smallint not null default 0;

-- By which a phone is known wherever its number stands for somebody, by SMS and on WhatsApp: a keyed hash of the number,
-- and null where an address is no number.
alter table address add column phone {bytes};
create index address_phone on address (phone) where phone is not null;

-- Who else is heard by a council from a person's phone: the same person at another of its senders. Staff are left out,
-- for an SMS is easily sent in another's name: what they take from us they say where they work.
create view same_phone as
select mine.contact_id, other.contact_id as other_id
from address mine
join address other on other.phone = mine.phone and other.contact_id <> mine.contact_id
join contact me on me.id = mine.contact_id
join contact it on it.id = other.contact_id and it.council_id = me.council_id
where not exists (
    select 1
    from staff s
    where s.contact_id = other.contact_id
        and s.removed_at is null
);

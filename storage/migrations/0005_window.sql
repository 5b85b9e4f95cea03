-- WhatsApp: when somebody last wrote from an address; null on every other channel.
alter table address add column heard_at bigint;

-- What a message of ours cost: parts of an SMS, and what WhatsApp counts a message as (service, utility, marketing).
alter table outbox add column segments bigint not null default 0;
alter table outbox add column category text not null default '';

-- What WhatsApp has accepted may come back, so its words are kept for a little longer.
create index outbox_kept on outbox (settled_at) where status = 'sent' and body is not null;

-- What stands in a lane before a message, and itself: where one of them waits for somebody's word, it waits as well.
create view in_front as
select
    o.id,
    e.due_at,
    e.reason
from outbox o
join outbox e on e.address_id = o.address_id
    and e.lane = o.lane
    and e.status in ('queued', 'sending')
    and e.id <= o.id;

-- WhatsApp: when somebody last wrote from an address; null on every other channel.
alter table address add column heard_at bigint;

-- What a message of ours cost: parts of an SMS, and what WhatsApp counts a message as (service, utility, marketing).
alter table outbox add column segments bigint not null default 0;
alter table outbox add column category text not null default '';

-- What WhatsApp has accepted may come back, so its words are kept for a little longer.
create index outbox_kept on outbox (settled_at) where status = 'sent' and body is not null;

-- name: enqueue(address_id, lane, cause, n, purpose, body, if_unsure, quiet, due_at, not_after, about, now)*!
insert into outbox (
    account_id, address_id, contact_id, lane, cause, n, purpose, body, if_unsure, quiet, due_at, not_after, about,
    created_at
)
select
    a.account_id, a.id, a.contact_id, :lane, :cause, :n, :purpose, :body, :if_unsure, :quiet, :due_at, :not_after,
    :about, :now
from address a
where a.id = :address_id
on conflict (cause, n) do nothing

-- name: lane_heads(account_id, lane, now, limit)
-- A waiting head holds its lane.
select
    o.id,
    o.address_id,
    o.contact_id,
    o.body,
    o.purpose,
    o.lane,
    o.if_unsure,
    o.attempts,
    o.not_after,
    o.about,
    o.provider_id,
    a.sealed,
    a.heard_at,
    a.state as address_state,
    c.state as contact_state,
    c.muted,
    case when o.purpose = 'news' then (
        select n.given
        from consent n
        where n.contact_id = o.contact_id and n.purpose = 'news'
        order by n.at desc
        limit 1
    ) end as wants_news,
    case when o.purpose = 'digest' then (
        select r.heard_at
        from run r
        where r.contact_id = o.contact_id and r.address_id = o.address_id and r.body is not null
    ) end as at_question_since
from outbox o
join address a on a.id = o.address_id
join contact c on c.id = o.contact_id
where o.account_id = :account_id
    and o.lane = :lane
    and o.status = 'queued'
    and o.due_at <= :now
    and not exists (
        select 1
        from outbox e
        where e.address_id = o.address_id
            and e.lane = o.lane
            and e.status in ('queued', 'sending')
            and e.id < o.id
    )
order by o.due_at, o.id
limit :limit
{lock_outbox}

-- name: mark_sending(id)*!
update outbox
set status = 'sending',
    attempts = attempts + 1,
    overtaken = 0
where id = :id

-- name: drop_outbox(id, reason, now)*!
update outbox
set status = 'dropped',
    reason = :reason,
    body = null,
    settled_at = :now
where id = :id

-- name: settle(id, status, provider_id, reason, due_at, settled_at, keep_body, segments, category)*!
update outbox
set status = :status,
    provider_id = case when :provider_id = '' then provider_id else :provider_id end,
    reason = :reason,
    due_at = case when :status = 'queued' then :due_at else due_at end,
    settled_at = :settled_at,
    body = case when :keep_body = 1 then body end,
    segments = segments + :segments,
    category = case when :category = '' then category else :category end
where id = :id
    and status in ('sending', 'unknown')

-- name: stop_address(id, now)*!
update outbox
set status = 'dropped',
    reason = 'blocked',
    body = null,
    settled_at = :now
where address_id = (select m.address_id from outbox m where m.id = :id)
    and status in ('queued', 'sending')
    and status = 'queued'

-- name: block_address_of(id)*!
update address
set state = 'blocked'
where id = (select o.address_id from outbox o where o.id = :id)

-- name: found_sending(account_id, now)!
-- Where a status is asked for twice, the wider condition is the one that has an index.
update outbox
set status = case when if_unsure = 'again' then 'queued' else 'unknown' end,
    due_at = case when if_unsure = 'again' then :now else due_at end,
    settled_at = case when if_unsure = 'again' then null else cast(:now as bigint) end
where account_id = :account_id
    and status in ('queued', 'sending')
    and status = 'sending'

-- name: backlog(for_ever)
-- What stands behind a message that waits for somebody's word waits for it, too.
select
    a.key as account,
    count(*) as queued,
    min(o.due_at) as oldest_due_at
from outbox o
join account a on a.id = o.account_id
where o.status = 'queued'
    and not exists (select 1 from in_front f where f.id = o.id and f.due_at = :for_ever)
group by a.key
order by a.key

-- name: waiting_for_words(for_ever)
select
    a.key as account,
    case when o.purpose in ('digest', 'notice') then 1 else 0 end as to_staff,
    count(*) as messages
from outbox o
join account a on a.id = o.account_id
where o.status = 'queued'
    and exists (select 1 from in_front f where f.id = o.id and f.due_at = :for_ever)
group by a.key, to_staff
order by a.key, to_staff

-- name: unknown(limit)
select
    o.id,
    a.key as account,
    o.contact_id,
    o.purpose,
    o.settled_at,
    o.reason
from outbox o
join account a on a.id = o.account_id
where o.status = 'unknown'
order by o.id desc
limit :limit

-- name: hold_address_of(id)
select
    o.id,
    o.address_id,
    o.purpose,
    a.heard_at
from outbox o
join address a on a.id = o.address_id
where o.id = :id
{lock_address}

-- name: failed_so_far(id)
select
    id,
    failed_as
from outbox
where id = :id

-- name: outbox_waits(id, reason, due_at)*!
update outbox
set status = 'queued',
    reason = :reason,
    due_at = :due_at,
    settled_at = null
where id = :id

-- name: sent_outside(id)^
select settled_at
from outbox
where id = :id
    and status in ('sent', 'sending', 'unknown')
    and body is not null

-- name: was_not_sent(id)*!
update outbox
set provider_id = ''
where id = :id

-- name: address_was_silent(id, now)*!
update address
set heard_at = null
where id = (select o.address_id from outbox o where o.id = :id)
    and heard_at <= (select coalesce(o.settled_at, :now) from outbox o where o.id = :id)

-- name: address_was_heard(address_id, now)*!
update address
set heard_at = :now
where id = :address_id

-- name: word_has_come(address_id, now)*!
-- What waited for it is due.
update outbox
set due_at = :now
where address_id = :address_id
    and status in ('queued', 'sending')
    and status = 'queued'
    and reason in ('outside the window', 'asked to write')

-- name: unheard_news(address_id)
-- News that waits for their word, or behind what does.
select
    o.id,
    o.about,
    o.account_id,
    o.contact_id
from outbox o
where o.address_id = :address_id
    and o.status in ('queued', 'sending')
    and o.status = 'queued'
    and o.purpose = 'news'
    and o.about <> ''
    and exists (select 1 from in_front f where f.id = o.id and f.reason in ('outside the window', 'asked to write'))
order by o.id

-- name: take_message_back(id, now)*!
-- Its writer is not told that it did not arrive, for it will.
update outbox
set status = 'dropped',
    reason = 'they wrote first',
    body = null,
    settled_at = :now,
    told = 1
where id = :id

-- name: forget_words_sent(before)!
update outbox
set body = null
where status = 'sent'
    and body is not null
    and settled_at < :before

-- name: about_what(contact_id, news_id)^
select
    k.key as council,
    coalesce(
        (select i.reference from news n join issue i on i.id = n.issue_id where n.id = :news_id),
        (select i.reference from issue i where i.contact_id = c.id order by i.id desc limit 1),
        ''
    ) as reference
from contact c
join council k on k.id = c.council_id
where c.id = :contact_id

-- name: waits_outside(id, reason)^
select
    o.about,
    c.council_id,
    coalesce(
        (select i.reference from issue i where i.contact_id = c.id order by i.id desc limit 1), ''
    ) as reference
from outbox o
join contact c on c.id = o.contact_id
where o.id = :id
    and o.status = 'queued'
    and o.reason = :reason

-- name: news_waits_outside(reference)
select n.id
from issue i
join news n on n.issue_id = i.id
join address a on a.contact_id = n.contact_id
join outbox o on o.address_id = a.id
    and o.status in ('queued', 'sending')
    and o.about = 'news:' || cast(n.id as text)
    and exists (select 1 from in_front f where f.id = o.id and f.reason in ('outside the window', 'asked to write'))
where i.reference = :reference

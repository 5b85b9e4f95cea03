-- name: unread_by_contact(now, limit)
select
    i.id,
    a.key as account,
    a.channel,
    i.address_id,
    i.kind,
    i.external_id,
    i.body,
    i.received_at,
    i.attempts,
    c.id as contact_id,
    k.key as council,
    c.pseudonym,
    c.language,
    c.language_chosen,
    c.two_languages,
    c.phone_language,
    c.state,
    c.muted,
    c.created_at,
    (
        select case when n.given = 1 then n.notice_version end
        from consent n
        where n.contact_id = c.id and n.purpose = 'issue'
        order by n.at desc
        limit 1
    ) as agreed_version,
    (
        select n.given
        from consent n
        where n.contact_id = c.id and n.purpose = 'invitations'
        order by n.at desc
        limit 1
    ) as invitations,
    (
        select s.role
        from staff s
        where s.contact_id = c.id and s.council_id = c.council_id and s.removed_at is null
    ) as role,
    r.body as run,
    r.echo_hash,
    r.echo_count,
    r.echo_since,
    r.seen_inbox_id
from inbox i
join account a on a.id = i.account_id
join contact c on c.id = i.contact_id
join council k on k.id = c.council_id
left join run r on r.contact_id = c.id
where i.status = 'unread'
    and i.due_at <= :now
    and not exists (
        select 1
        from inbox e
        where e.contact_id = i.contact_id and e.status = 'unread' and e.id < i.id
    )
order by i.id
limit :limit

-- name: inbox_done(id)*!
update inbox
set status = 'done',
    body = null,
    reason = ''
where id = :id

-- name: drop_quiet(contact_id, now)*!
update outbox
set status = 'dropped',
    reason = 'superseded',
    body = null,
    settled_at = :now
where contact_id = :contact_id
    and status = 'queued'
    and quiet = 1

-- name: write_run(contact_id, address_id, now, body, echo_hash, echo_count, echo_since, asked, inbox_id)*!
-- When a question is asked, what has come until now was written before it was shown.
insert into run (contact_id, address_id, heard_at, body, echo_hash, echo_count, echo_since, seen_inbox_id)
values (
    :contact_id, :address_id, :now, :body, :echo_hash, :echo_count, :echo_since,
    coalesce((select max(i.id) from inbox i where i.contact_id = :contact_id and i.status = 'unread'), :inbox_id)
)
on conflict (contact_id) do update
set address_id = excluded.address_id,
    heard_at = excluded.heard_at,
    body = excluded.body,
    echo_hash = excluded.echo_hash,
    echo_count = excluded.echo_count,
    echo_since = excluded.echo_since,
    seen_inbox_id = case when :asked = 1 then excluded.seen_inbox_id else run.seen_inbox_id end

-- name: run_to_change(contact_id)^
select body
from run
where contact_id = :contact_id
{lock_run}

-- name: set_run(contact_id, body)!
update run
set body = :body
where contact_id = :contact_id

-- name: welcome_again(contact_id)*!
-- Who had everything deleted and writes again is a newcomer.
update contact
set state = 'active',
    language = null,
    language_chosen = 0
where id = :contact_id
    and state = 'erased'

-- name: set_contact_state(contact_id, state)*!
update contact
set state = :state
where id = :contact_id

-- name: set_language(contact_id, language, chosen)*!
-- What was heard never overrides what was chosen.
update contact
set language = :language,
    language_chosen = :chosen
where id = :contact_id
    and (:chosen = 1 or language_chosen = 0)

-- name: set_two_languages(contact_id, languages)*!
update contact
set two_languages = :languages
where id = :contact_id

-- name: set_council(contact_id, council)*!
update contact
set council_id = coalesce((select k.id from council k where k.key = :council), council_id)
where id = :contact_id

-- name: set_address_state(address_id, state)*!
update address
set state = :state
where id = :address_id

-- name: insert_consent(contact_id, purpose, given, now, channel, language, notice_version)*!
-- The latest counts, and what was said last is the latest, whatever the clock was set to in between.
insert into consent (contact_id, purpose, given, at, channel, language, notice_version)
values (
    :contact_id, :purpose, :given,
    (
        select case when coalesce(max(n.at), 0) < :now then :now else max(n.at) + 1 end
        from consent n
        where n.contact_id = :contact_id and n.purpose = :purpose
    ),
    :channel, :language, :notice_version
)

-- name: drop_queued_of_contact(contact_id, reason, now)*!
update outbox
set status = 'dropped',
    reason = :reason,
    body = null,
    settled_at = :now
where address_id in (select a.id from address a where a.contact_id = :contact_id)
    and status in ('queued', 'sending')
    and status = 'queued'
    and purpose <> 'farewell'

-- name: drop_queued_of_address(address_id, reason, now)*!
update outbox
set status = 'dropped',
    reason = :reason,
    body = null,
    settled_at = :now
where address_id = :address_id
    and status in ('queued', 'sending')
    and status = 'queued'

-- name: own_issues(contact_id)
select
    i.contact_id,
    i.id,
    i.reference,
    i.status,
    i.filed_at,
    i.hear_by,
    i.topic,
    i.place,
    i.latitude,
    i.longitude,
    (select count(*) from media m where m.issue_id = i.id and m.state in ('wanted', 'kept')) as media,
    i.affected
from issue i
where i.contact_id = :contact_id
order by i.id desc

-- name: consents(contact_id)
select
    contact_id,
    purpose,
    given,
    at
from consent
where contact_id = :contact_id
order by at

-- name: messages_to_come(contact_id)^
select
    a.contact_id,
    count(*) as waiting
from address a
join outbox o on o.address_id = a.id and o.status in ('queued', 'sending')
where a.contact_id = :contact_id
group by a.contact_id

-- name: channels(contact_id)
select distinct
    a.contact_id,
    c.channel
from address a
join account c on c.id = a.account_id
where a.contact_id = :contact_id
order by c.channel

-- name: issue_of_message(contact_id, ref)^
select
    i.contact_id,
    i.reference
from issue i
join text t on t.issue_id = i.id
where i.contact_id = :contact_id
    and t.ref = :ref
order by t.id desc
limit 1

-- name: run_of(contact_id)^
select
    body,
    heard_at
from run
where contact_id = :contact_id

-- name: council_id_of(key)$
select id
from council
where key = :key

-- name: last_digest(council_id)^
select
    id,
    council_id,
    week,
    since,
    until,
    due_at,
    made_at
from digest
where council_id = :council_id
order by made_at desc
limit 1

-- name: digest_of_week(council_id, week)^
select
    id,
    council_id,
    week,
    since,
    until,
    due_at,
    made_at
from digest
where council_id = :council_id
    and week = :week

-- name: digest_by_id(id)^
select
    d.id,
    d.council_id,
    d.week,
    d.since,
    d.until,
    d.due_at,
    d.made_at
from digest d
where d.id = :id

-- name: insert_digest(council_id, week, since, until, due_at, now)<!
insert into digest (council_id, week, since, until, due_at, made_at)
values (:council_id, :week, :since, :until, :due_at, :now)
on conflict (council_id, week) do nothing
returning id

-- name: insert_digest_item(digest_id, number, issue_id, section)*!
insert into digest_item (digest_id, number, issue_id, section)
values (:digest_id, :number, :issue_id, :section)

-- name: insert_digest_proposal(digest_id, number, proposal_id)*!
insert into digest_proposal (digest_id, number, proposal_id)
values (:digest_id, :number, :proposal_id)

-- name: items_of_digest(digest_id)
select
    number,
    issue_id,
    section
from digest_item
where digest_id = :digest_id
order by number

-- name: proposals_of_digest(digest_id)
select
    x.number,
    x.proposal_id
from digest_proposal x
join proposal p on p.id = x.proposal_id
where x.digest_id = :digest_id
    and p.state = 'open'
order by x.number

-- name: issues_filed(council_id, since, until, limit)
select id
from issue
where council_id = :council_id
    and filed_at >= :since
    and filed_at < :until
    and status not in ('spam', 'closed')
    and erased_at is null
order by filed_at
limit :limit

-- name: oldest_unanswered(council_id)$
select min(filed_at)
from issue
where council_id = :council_id
    and answered_at is null
    and closed_at is null

-- name: issues_unanswered(council_id, now, limit)
select id
from issue
where council_id = :council_id
    and answered_at is null
    and closed_at is null
    and hear_by < :now
order by hear_by
limit :limit

-- name: count_unanswered(council_id, now)$
select count(*)
from issue
where council_id = :council_id
    and answered_at is null
    and closed_at is null
    and hear_by < :now

-- name: issues_replied(council_id, limit)
select id
from issue
where council_id = :council_id
    and replied_at is not null
order by replied_at
limit :limit

-- name: issues_promised(council_id, limit)
select id
from issue
where council_id = :council_id
    and promised_at is not null
order by promised_at
limit :limit

-- name: entry_of(issue_id)
select
    i.id,
    i.reference,
    i.kind,
    i.status,
    i.topic,
    i.place,
    i.latitude,
    i.longitude,
    i.language,
    i.filed_at,
    i.hear_by,
    i.answered_at,
    i.late_told_at,
    i.promised_at,
    i.replied_at,
    i.danger,
    i.group_id,
    i.contact_id,
    (select count(*) from media m where m.issue_id = i.id and m.state in ('wanted', 'kept')) as media
from issue i
where i.id = :issue_id
    and i.status <> 'spam'
    and i.erased_at is null

-- name: filed_by_topic(council_id, since, until)
select
    topic,
    count(*) as issues
from issue
where council_id = :council_id
    and filed_at >= :since
    and filed_at < :until
    and status <> 'spam'
group by topic
order by topic

-- name: filed_by_language(council_id, since, until)
select
    coalesce(language, '') as language,
    count(distinct contact_id) as people
from issue
where council_id = :council_id
    and filed_at >= :since
    and filed_at < :until
    and status <> 'spam'
    and contact_id is not null
group by coalesce(language, '')
order by coalesce(language, '')

-- name: people_filed(council_id, since, until)$
select count(distinct contact_id)
from issue
where council_id = :council_id
    and filed_at >= :since
    and filed_at < :until
    and status <> 'spam'

-- name: answered_between(council_id, since, until)^
-- What was only read, was late or was taken apart was not answered.
select
    count(distinct x.issue_id) as answered,
    count(distinct case when a.kind = 'closed' then x.issue_id end) as closed
from answer a
join answer_issue x on x.answer_id = a.id
where a.council_id = :council_id
    and a.at >= :since
    and a.at < :until
    and a.kind not in ('seen', 'late', 'split')

-- name: open_proposals(council_id, limit)
select id
from proposal
where council_id = :council_id
    and state = 'open'
order by id
limit :limit

-- name: insert_proposal(council_id, now)<!
insert into proposal (council_id, made_at)
values (:council_id, :now)
returning id

-- name: insert_proposal_issue(proposal_id, issue_id)*!
insert into proposal_issue (proposal_id, issue_id)
values (:proposal_id, :issue_id)

-- name: ids_of_proposal(proposal_id)
select
    x.proposal_id,
    x.issue_id
from proposal_issue x
join issue i on i.id = x.issue_id
where x.proposal_id = :proposal_id
    and i.erased_at is null
    and i.status <> 'spam'
order by x.issue_id

-- name: proposals_since(council_id, since)
select
    id,
    state
from proposal
where council_id = :council_id
    and made_at >= :since
order by id

-- name: issues_to_compare(council_id, since, limit)
select
    id,
    topic,
    place,
    group_id
from issue
where council_id = :council_id
    and filed_at >= :since
    and closed_at is null
    and erased_at is null
order by filed_at desc
limit :limit

-- name: sent_between(council_id, since, until)
select
    a.key as account,
    a.channel,
    count(*) as messages,
    cast(sum(o.segments) as bigint) as segments
from outbox o
join account a on a.id = o.account_id
where o.settled_at >= :since
    and o.settled_at < :until
    and (o.segments > 0 or o.category <> '')
    and a.council_id = :council_id
group by a.key, a.channel
order by a.key

-- name: issues_answered_together(reference)
select
    i.id,
    i.reference,
    i.council_id,
    i.status
from issue i
where i.reference = :reference
    and i.erased_at is null
union
select
    o.id,
    o.reference,
    o.council_id,
    o.status
from issue i
join issue o on o.group_id = i.group_id and o.erased_at is null and o.status <> 'spam'
where i.reference = :reference
    and i.erased_at is null
order by id

-- name: insert_answer(council_id, kind, detail, words, language, staff_id, now)<!
insert into answer (council_id, kind, detail, words, language, staff_id, at)
values (:council_id, :kind, :detail, :words, :language, :staff_id, :now)
returning id

-- name: insert_answer_issue(answer_id, issue_id)*!
insert into answer_issue (answer_id, issue_id)
values (:answer_id, :issue_id)

-- name: issue_was_seen(issue_id)*!
update issue
set status = 'seen'
where id = :issue_id
    and status in ('filed', 'reopened')

-- name: issue_was_answered(issue_id, status, promised_at, closed_at, now)*!
update issue
set status = case when :status = '' then status else :status end,
    answered_at = :now,
    replied_at = null,
    promised_at = case when :status = '' then promised_at else cast(:promised_at as bigint) end,
    closed_at = case when :status = '' then closed_at else cast(:closed_at as bigint) end
where id = :issue_id
    and status not in ('withdrawn', 'spam')

-- name: issue_is_late(issue_id, now)<!
-- Of several processes one tells it.
update issue
set late_told_at = :now
where id = :issue_id
    and late_told_at is null
returning id

-- name: insert_history_of(issue_id, what, detail, now)*!
insert into issue_history (issue_id, at, what, detail)
values (:issue_id, :now, :what, :detail)

-- name: who_hears(issue_id)
select
    i.id as issue_id,
    c.id as contact_id,
    1 as own,
    case when c.language_chosen = 1 then c.language else coalesce(i.language, c.language) end as language
from issue i
join contact c on c.id = i.contact_id
where i.id = :issue_id
union
select
    i.id as issue_id,
    c.id as contact_id,
    0 as own,
    coalesce(c.language, i.language) as language
from supporter s
join issue i on i.id = s.issue_id
join contact c on c.id = s.contact_id
where s.issue_id = :issue_id

-- name: insert_news(answer_id, issue_id, contact_id, language, state, now)*!
insert into news (answer_id, issue_id, contact_id, language, state, due_at)
values (:answer_id, :issue_id, :contact_id, :language, :state, :now)
on conflict (answer_id, contact_id) do nothing

-- name: insert_rendering(answer_id, language, now)*!
insert into rendering (answer_id, language, due_at)
values (:answer_id, :language, :now)
on conflict (answer_id, language) do nothing

-- name: waiting_renderings(now, limit)
select
    r.answer_id,
    r.language,
    a.language as source,
    a.words,
    r.attempts
from rendering r
join answer a on a.id = r.answer_id
where r.status = 'waiting'
    and r.due_at <= :now
order by r.due_at
limit :limit

-- name: keep_rendering(answer_id, language, status, words, back, reason, made_by, engine)*!
update rendering
set status = :status,
    words = :words,
    back = :back,
    reason = :reason,
    made_by = :made_by,
    engine = :engine
where answer_id = :answer_id
    and language = :language
    and status = 'waiting'

-- name: render_later(answer_id, language, due_at)*!
update rendering
set attempts = attempts + 1,
    due_at = :due_at
where answer_id = :answer_id
    and language = :language
    and status = 'waiting'

-- name: news_is_ready(answer_id, language, now)*!
update news
set state = 'ready',
    due_at = :now
where answer_id = :answer_id
    and language = :language
    and state = 'waiting'
    and exists (
        select 1
        from rendering r
        where r.answer_id = :answer_id and r.language = :language and r.status = 'ready'
    )

-- name: settle_look(answer_id, language, words, choice)<!
update rendering
set status = 'ready',
    words = case
        when :choice = 'send' then words
        when :choice = 'write' then :words
        else (select a.words from answer a where a.id = :answer_id)
    end,
    made_by = case when :choice = 'send' then made_by when :choice = 'write' then 'person' else '' end
where answer_id = :answer_id
    and language = :language
    and status = 'look'
returning answer_id

-- name: leave_look(answer_id, language)<!
delete from rendering
where answer_id = :answer_id
    and language = :language
    and status = 'look'
returning answer_id

-- name: leave_news(answer_id, language)*!
delete from news
where answer_id = :answer_id
    and language = :language
    and state = 'waiting'

-- name: council_of_answer(id)$
select council_id
from answer
where id = :id

-- name: look_of(answer_id, language)^
select
    r.answer_id,
    r.language,
    (
        select i.reference
        from answer_issue x
        join issue i on i.id = x.issue_id
        where x.answer_id = a.id
        order by i.id
        limit 1
    ) as reference,
    a.language as source,
    a.words,
    r.words as made,
    r.back,
    r.reason,
    case when a.kind = 'discussed' then a.detail else '' end as day,
    (
        select max(newer.at)
        from answer_issue ours
        join answer_issue theirs on theirs.issue_id = ours.issue_id
        join answer newer on newer.id = theirs.answer_id
        where ours.answer_id = a.id
            and newer.id > a.id
            and newer.kind <> 'seen'
    ) as newer_at
from rendering r
join answer a on a.id = r.answer_id
where r.answer_id = :answer_id
    and r.language = :language
    and r.status = 'look'

-- name: looks_of_council(council_id)
select
    r.answer_id,
    r.language
from rendering r
join answer a on a.id = r.answer_id
where r.status = 'look'
    and a.council_id = :council_id
order by r.answer_id, r.language

-- name: unasked_looks(limit)
select
    r.answer_id,
    r.language,
    a.council_id,
    a.staff_id
from rendering r
join answer a on a.id = r.answer_id
where r.status = 'look'
    and r.asked_at is null
order by r.due_at
limit :limit

-- name: look_was_asked(answer_id, language, now)!
update rendering
set asked_at = :now
where answer_id = :answer_id
    and language = :language

-- name: ready_news(now, limit)
-- What they have written is heard first. What was to be said before, and was not heard, is owed.
select
    n.id,
    n.contact_id,
    a.kind,
    k.key as council,
    c.state,
    c.muted,
    (
        select count(*)
        from address d
        join account w on w.id = d.account_id
        where d.contact_id = c.id and d.state = 'ok' and w.channel <> 'mail'
    ) as ways,
    r.body as run,
    r.heard_at,
    (
        select count(*)
        from address d
        join outbox o on o.address_id = d.id and o.about <> '' and o.about = 'news:' || cast(n.id as text)
        where d.contact_id = c.id
    ) as owed
from news n
join answer a on a.id = n.answer_id
join council k on k.id = a.council_id
join contact c on c.id = n.contact_id
left join run r on r.contact_id = n.contact_id
where n.state = 'ready'
    and n.due_at <= :now
    and not exists (select 1 from inbox e where e.contact_id = n.contact_id and e.status = 'unread')
order by n.due_at, n.id
limit :limit

-- name: news_ahead(answer_id)
-- Where it would be said is chosen as insert_nudge does.
select
    n.language,
    n.state,
    case
        when c.state <> 'active' or c.muted = 1 or d.state <> 'ok' then 0
        else 1
    end as reachable,
    w.key as account,
    w.channel,
    d.heard_at
from news n
join contact c on c.id = n.contact_id
left join run r on r.contact_id = n.contact_id
left join address d on d.id = coalesce(
        (select b.id from address b where b.id = r.address_id and b.state = 'ok'),
        (
            select max(b.id)
            from address b
            join account v on v.id = b.account_id
            where b.contact_id = c.id and b.state = 'ok' and v.channel <> 'mail'
        ),
        (select max(b.id) from address b where b.contact_id = c.id)
    )
left join account w on w.id = d.account_id
where n.answer_id = :answer_id
order by n.id

-- name: news_state(id, state)*!
update news
set state = :state
where id = :id

-- name: news_later(id, due_at)*!
update news
set due_at = :due_at
where id = :id
    and state = 'ready'

-- name: news_is_owed(id, now)*!
update news
set state = 'ready',
    due_at = :now
where id = :id
    and state in ('begun', 'said')

-- name: news_after_all(contact_id, now)*!
-- What could not be said to somebody who had stopped is said once they write again.
update news
set state = 'ready',
    due_at = :now
where contact_id = :contact_id
    and state = 'untold'

-- name: news_was_said(id, contact_id)*!
update news
set state = 'said'
where id = :id
    and contact_id = :contact_id

-- name: news_of(id, contact_id)^
select
    n.id,
    i.reference,
    a.kind,
    a.detail,
    a.words as original,
    a.language as source,
    n.language,
    r.words,
    r.made_by,
    r.status,
    i.hear_by
from news n
join answer a on a.id = n.answer_id
join issue i on i.id = n.issue_id
left join rendering r on r.answer_id = n.answer_id and r.language = n.language
where n.id = :id
    and n.contact_id = :contact_id

-- name: whose_news(id)^
select
    i.reference,
    a.council_id,
    a.staff_id,
    a.kind
from news n
join answer a on a.id = n.answer_id
join issue i on i.id = n.issue_id
where n.id = :id

-- name: question_answered(reference, contact_id, hear_by, now)*!
update issue
set replied_at = :now,
    answered_at = null,
    late_told_at = null,
    hear_by = :hear_by
where reference = :reference
    and contact_id = :contact_id
    and closed_at is null

-- name: reopen(reference, contact_id, hear_by, now)*!
update issue
set status = 'reopened',
    closed_at = null,
    answered_at = null,
    late_told_at = null,
    promised_at = null,
    replied_at = :now,
    hear_by = :hear_by
where reference = :reference
    and (
        contact_id = :contact_id
        or exists (select 1 from supporter s where s.issue_id = issue.id and s.contact_id = :contact_id)
    )
    and status not in ('withdrawn', 'spam')
    and erased_at is null

-- name: note_more(reference, contact_id, now)*!
-- What is said after an answer is for the council to answer again.
update issue
set replied_at = :now
where reference = :reference
    and contact_id = :contact_id
    and answered_at is not null

-- name: late_issues(now, limit)
select
    i.id,
    i.reference,
    i.council_id
from issue i
where i.answered_at is null
    and i.closed_at is null
    and i.late_told_at is null
    and i.hear_by < :now
order by i.hear_by
limit :limit

-- name: asked_by(reference)$
select a.staff_id
from answer_issue x
join answer a on a.id = x.answer_id
where x.issue_id = (select i.id from issue i where i.reference = :reference)
    and a.kind not in ('late', 'split')
order by x.answer_id desc
limit 1

-- name: untold_outbox(limit)
select
    o.id,
    o.about,
    o.status,
    o.reason
from outbox o
where o.about <> ''
    and o.told = 0
    and o.status in ('refused', 'dropped', 'unknown')
order by o.id
limit :limit

-- name: outbox_was_told(id)*!
update outbox
set told = 1
where id = :id

-- name: erase_news(contact_id)*!
delete from news
where contact_id = :contact_id

-- name: delete_news_of_issue(issue_id)*!
delete from news
where issue_id = :issue_id

-- name: empty_answers_of_issue(issue_id)*!
-- What staff wrote may quote somebody; what they wrote about several issues at once is kept until the last is empty.
update answer
set words = ''
where id in (select x.answer_id from answer_issue x where x.issue_id = :issue_id)
    and not exists (
        select 1
        from answer_issue y
        join issue i on i.id = y.issue_id
        where y.answer_id = answer.id and i.erased_at is null
    )

-- name: delete_renderings_of_issue(issue_id)*!
delete from rendering
where answer_id in (select x.answer_id from answer_issue x where x.issue_id = :issue_id)
    and not exists (
        select 1
        from answer_issue y
        join issue i on i.id = y.issue_id
        where y.answer_id = rendering.answer_id and i.erased_at is null
    )

-- name: taken_reference(reference)^
select reference
from issue
where reference = :reference

-- name: insert_issue(contact_id, council, reference, kind, channel, language, place, latitude, longitude, danger, notice_version, now, hear_by)*!
insert into issue (
    council_id, contact_id, reference, kind, channel, language, place, latitude, longitude, danger, notice_version,
    filed_at, hear_by
)
values (
    (select k.id from council k where k.key = :council),
    :contact_id, :reference, :kind, :channel, :language, :place, :latitude, :longitude, :danger, :notice_version,
    :now, :hear_by
)

-- name: insert_text(reference, contact_id, role, language, words, ref, now)*!
insert into text (issue_id, role, language, words, ref, created_at)
select i.id, :role, :language, :words, :ref, :now
from issue i
where i.reference = :reference
    and i.contact_id = :contact_id

-- name: supersede_texts(reference, contact_id, now)*!
update text
set superseded_at = :now
where issue_id = (select i.id from issue i where i.reference = :reference and i.contact_id = :contact_id)
    and superseded_at is null

-- name: attach_media(id, reference, contact_id)*!
update media
set issue_id = (select i.id from issue i where i.reference = :reference and i.contact_id = :contact_id)
where id = :id
    and contact_id = :contact_id

-- name: insert_history(reference, contact_id, what, detail, now)*!
insert into issue_history (issue_id, at, what, detail)
select i.id, :now, :what, :detail
from issue i
where i.reference = :reference
    and i.contact_id = :contact_id

-- name: set_topic(reference, contact_id, value)*!
update issue
set topic = :value
where reference = :reference
    and contact_id = :contact_id

-- name: set_place(reference, contact_id, value, latitude, longitude)*!
update issue
set place = :value,
    latitude = :latitude,
    longitude = :longitude
where reference = :reference
    and contact_id = :contact_id

-- name: set_affected(reference, contact_id, value)*!
update issue
set affected = :value
where reference = :reference
    and contact_id = :contact_id

-- name: set_danger(reference, contact_id)*!
update issue
set danger = 1
where reference = :reference
    and contact_id = :contact_id

-- name: issues_of_council(council, after, limit)
select
    i.id,
    i.reference,
    i.filed_at,
    i.channel,
    i.language,
    i.topic,
    i.place,
    i.latitude,
    i.longitude,
    i.affected,
    i.kind,
    i.danger,
    i.hear_by,
    i.status,
    c.pseudonym,
    (select count(*) from supporter s where s.issue_id = i.id) as supporters
from issue i
left join contact c on c.id = i.contact_id
where i.council_id = (select k.id from council k where k.key = :council)
    and i.id > :after
order by i.id
limit :limit

-- name: current_texts(issue_id)
select
    issue_id,
    id,
    language,
    words
from text
where issue_id = :issue_id
    and superseded_at is null
order by id

-- name: contact_of_issue(reference)$
select contact_id
from issue
where reference = :reference

-- name: next_page_number(address_id)<!
update address
set page_counter = page_counter + 1
where id = :address_id
returning id, page_counter

-- name: page_number(address_id, key)^
select
    address_id,
    key,
    id
from page_message
where address_id = :address_id
    and key = :key

-- name: insert_page_message(address_id, id, sender, key, body, now)*!
insert into page_message (address_id, id, sender, key, body, created_at)
values (:address_id, :id, :sender, :key, :body, :now)
on conflict (address_id, key) do nothing

-- name: page_messages_after(address_id, after, limit)
select
    id,
    sender,
    body,
    created_at,
    key
from page_message
where address_id = :address_id
    and id > :after
order by id
limit :limit

-- name: page_numbers(address_id)
select id
from page_message
where address_id = :address_id
order by id

-- name: page_by_hash(account_id, hash)^
select
    a.id,
    a.created_at,
    c.language
from address a
join contact c on c.id = a.contact_id
where a.account_id = :account_id
    and a.hash = :hash

-- name: erase_page_since(address_id, since)*!
-- A draft that was erased is not to be read on the page either.
delete from page_message
where address_id = :address_id
    and created_at >= :since

-- name: account_id(key)$
select id
from account
where key = :key

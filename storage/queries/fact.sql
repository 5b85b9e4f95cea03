-- name: fact(name)$
select value
from fact
where name = :name

-- name: set_fact(name, value)!
insert into fact (name, value)
values (:name, :value)
on conflict (name) do update set value = excluded.value

-- name: first_fact(name, value)!
insert into fact (name, value)
values (:name, :value)
on conflict (name) do nothing

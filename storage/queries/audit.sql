-- name: note(at, actor, action, subject, detail)!
insert into audit (at, actor, action, subject, detail)
values (:at, :actor, :action, :subject, :detail)

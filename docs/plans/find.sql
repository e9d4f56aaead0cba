-- pgbench -M prepared -c 1 (or 8) -T 5 -f find.sql, beside a table bench (i 1..1200, t tenant, s its setting "{t}",
-- q one of twelve words with the tenant's digits in front, as a tsquery), which the role may read.
\set i random(1, 1200)
begin;
set local role porchlight_tenant;
select set_config('porchlight.tenants', (select s from bench where i = :i), true);
select m.body, c.status, p.name, f.n from porchlight_search((select t from bench where i = :i), cast((select q from bench where i = :i) as tsquery), 9223372036854775807, -9223372036854775808, false, 26) f join message m on m.conversation_id = f.about_id and m.seq = f.seq join conversation c on c.id = f.about_id join contact p on p.id = c.contact_id where m.tenant_id = (select t from bench where i = :i) and c.tenant_id = (select t from bench where i = :i) order by f.n desc;
commit;

select count(*) from orders where note = $$it's new$$

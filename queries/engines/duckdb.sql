-- title: DuckDB
-- question: How does DuckDB say what the queries here say in one way for every engine?

-- The names that clickhouse.sql gives to ClickHouse and that are not defined here are DuckDB's own functions.

-- Whole quotient of two whole numbers, towards zero; null when b is 0.
create or replace macro int_div(a, b) as
  a // b;

-- Whether a number has the bit of this value (1, 2, 4, …).
create or replace macro has_bit(number, mask) as
  number & mask <> 0;

-- A text as a whole number; null when it is none.
create or replace macro to_bigint(text) as
  try_cast(text as bigint);

-- Halves go away from zero.
create or replace macro round_to(number, digits) as
  round(number::double, digits);

-- The same as a text, with at least one digit behind the point: 2.0.
create or replace macro round_text(number, digits) as
  round(number::double, digits)::varchar;

create or replace macro beginning_of_time() as
  timestamptz '-infinity';

create or replace macro end_of_time() as
  timestamptz 'infinity';

-- Lists are never null: without anything to hold they are empty.
create or replace macro without_nulls(list) as
  list_filter(coalesce(list, []), lambda item: item is not null);

-- The different values of a group in their order, nulls left out. For a part of the rows: sorted_set(case when … then x end).
create or replace macro sorted_set(x) as
  coalesce(list_sort(list(distinct x) filter (where x is not null)), []);

-- The same with repetitions.
create or replace macro sorted_list(x) as
  coalesce(list_sort(list(x) filter (where x is not null)), []);

-- The different items of all lists of a group in their order.
create or replace macro sorted_union(lists) as
  coalesce(list_sort(list_distinct(flatten(list(lists)))), []);

-- The values of a group in the order of a key, which may be several: list_by(name, (-size, name)).
create or replace macro list_by(x, key) as
  list(x order by key);

-- The value in the middle of a group, or the mean of the two there.
create or replace macro exact_median(x) as
  median(x);

-- The items of a list that are not in another.
create or replace macro list_without(list, items) as
  list_filter(list, lambda item: not list_contains(items, item));

-- The items of a text with commas between, without blanks around them.
create or replace macro comma_items(text) as
  list_transform(string_split(coalesce(text, ''), ','), lambda item: trim(item));

-- An IPv4 address as a number; null for anything else.
create or replace macro ip_number(ip) as
  to_bigint(split_part(ip, '.', 1)) * 16777216
  + to_bigint(split_part(ip, '.', 2)) * 65536
  + to_bigint(split_part(ip, '.', 3)) * 256
  + to_bigint(split_part(ip, '.', 4));

-- How many addresses a prefix has that is written behind an address: 256 for 10.1.2.0/24, 1 without a length.
create or replace macro prefix_size(prefix) as
  power(2, 32 - coalesce(to_bigint(split_part(prefix, '/', 2)), 32))::bigint;

-- Whether an IPv4 prefix or address covers an address or the first address of a prefix; null when either is no IPv4.
create or replace macro in_prefix(ip, prefix) as
  int_div(ip_number(split_part(ip, '/', 1)), prefix_size(prefix)) = int_div(ip_number(split_part(prefix, '/', 1)), prefix_size(prefix));

-- Whether an address lies in one of the prefixes of a list.
create or replace macro in_any_prefix(ip, prefixes) as
  coalesce(list_bool_or(list_transform(prefixes, lambda prefix: coalesce(in_prefix(ip, prefix), false))), false);

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
  list_filter(coalesce(list, []), (item -> item is not null));

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

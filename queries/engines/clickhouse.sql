-- title: ClickHouse
-- question: How does ClickHouse say what the queries here say in one way for every engine?

-- Settings travel with every request. Joins, casts and aggregates give null where DuckDB does, and names mean columns first.
set join_use_nulls = 1, cast_keep_nullable = 1, aggregate_functions_null_for_empty = 1;
set prefer_column_name_to_alias = 1, joined_subquery_requires_alias = 0, union_default_mode = 'DISTINCT';
-- Delta's statistics are not asked: what stands under `not` would leave out files that have such rows (ClickHouse issue 113676).
set delta_lake_enable_engine_predicate = 0;

-- Functions of SQL belong to the whole server: there they have longer names, and none may depend on a run.

create or replace function int_div as (a, b) ->
  intDivOrNull(a, b);

create or replace function has_bit as (number, mask) ->
  bitAnd(number, mask) <> 0;

create or replace function to_bigint as (text) ->
  toInt64OrNull(text);

-- round() sends halves to the even neighbour.
create or replace function round_to as (number, digits) ->
  sign(number) * floor(abs(number) * pow(10, digits) + 0.5) / pow(10, digits);

create or replace function round_text as (number, digits) ->
  toString(round_to(number, digits)) || if(round_to(number, digits) = floor(round_to(number, digits)), '.0', '');

-- Before and after everything that the inventory says.
create or replace function beginning_of_time as () ->
  toDateTime64('0001-01-01 00:00:00', 6, 'UTC');

create or replace function end_of_time as () ->
  toDateTime64('9999-12-31 23:59:59.999999', 6, 'UTC');

create or replace function without_nulls as (list) ->
  arrayFilter(item -> item is not null, list);

create or replace function sorted_set as (x) ->
  arraySort(groupUniqArray(x));

create or replace function sorted_list as (x) ->
  arraySort(groupArray(x));

create or replace function sorted_union as (lists) ->
  arraySort(groupUniqArrayArray(lists));

create or replace function list_by as (x, key) ->
  arrayMap(pair -> pair.2, arraySort(groupArray((key, x))));

create or replace function exact_median as (x) ->
  quantileExactInclusive(0.5)(x);

create or replace function list_without as (list, items) ->
  arrayFilter(item -> not has(items, item), list);

create or replace function comma_items as (text) ->
  arrayMap(item -> trimBoth(item), splitByString(',', coalesce(text, '')));

-- An IPv4 address as a number; null for anything else.
create or replace function ip_number as (ip) ->
  to_bigint(split_part(ip, '.', 1)) * 16777216
  + to_bigint(split_part(ip, '.', 2)) * 65536
  + to_bigint(split_part(ip, '.', 3)) * 256
  + to_bigint(split_part(ip, '.', 4));

-- How many addresses a prefix has that is written behind an address: 256 for 10.1.2.0/24, 1 without a length.
create or replace function prefix_size as (prefix) ->
  power(2, 32 - coalesce(to_bigint(split_part(prefix, '/', 2)), 32))::bigint;

-- Whether an IPv4 prefix or address covers an address or the first address of a prefix; null when either is no IPv4.
create or replace function in_prefix as (ip, prefix) ->
  int_div(ip_number(split_part(ip, '/', 1)), prefix_size(prefix)) = int_div(ip_number(split_part(prefix, '/', 1)), prefix_size(prefix));

create or replace function in_any_prefix as (ip, prefixes) ->
  coalesce(arrayExists(prefix -> coalesce(in_prefix(ip, prefix), false), prefixes), false);

-- What follows has the names and the meaning of DuckDB's functions.

create or replace function epoch_ms as (t) ->
  toUnixTimestamp64Milli(t);

create or replace function to_timestamp as (seconds) ->
  toDateTime64(seconds, 6, 'UTC');

create or replace function split_part as (text, separator, number) ->
  if(text is null, null, splitByString(separator, coalesce(text, ''))[number]);

create or replace function string_split as (text, separator) ->
  splitByString(separator, coalesce(text, ''));

create or replace function starts_with as (text, beginning) ->
  startsWith(text, beginning);

create or replace function contains as (text, part) ->
  position(text, part) > 0;

create or replace function md5 as (text) ->
  lower(hex(MD5(text)));

create or replace function len as (list) ->
  length(list);

create or replace function list_filter as (list, condition) ->
  arrayFilter(condition, list);

create or replace function list_transform as (list, expression) ->
  arrayMap(expression, list);

create or replace function list_sort as (list) ->
  arraySort(list);

create or replace function list_distinct as (list) ->
  arrayDistinct(list);

create or replace function list_contains as (list, item) ->
  has(list, item);

create or replace function list_has_any as (list, items) ->
  hasAny(list, items);

create or replace function list_bool_or as (list) ->
  arrayExists(item -> coalesce(item, false), list);

-- From the first item (1) to the last one named, both included.
create or replace function list_slice as (list, first, last) ->
  arraySlice(list, first, last - first + 1);

-- Null when the list is shorter.
create or replace function list_extract as (list, number) ->
  arrayElementOrNull(list, number);

create or replace function bool_or as (x) ->
  max(x)::Nullable(Bool);

create or replace function bool_and as (x) ->
  min(x)::Nullable(Bool);

create or replace function arg_max as (x, y) ->
  argMax(x, y);

create or replace function arg_min as (x, y) ->
  argMin(x, y);

create or replace function quantile_cont as (x, share) ->
  quantileExactInclusive(share)(x);

-- Median of the distances from the median.
create or replace function mad as (x) ->
  arrayReduce('quantileExactInclusive(0.5)', arrayMap(value -> abs(value - quantileExactInclusive(0.5)(x)), groupArray(x)));

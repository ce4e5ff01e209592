-- title: Macros
-- question: What does DuckDB spell otherwise than other engines?

-- The start of the interval of so many seconds that holds t.
create or replace macro bucket(t, seconds) as
  to_timestamp((epoch_ms(t) // (seconds * 1000)) * seconds);

create or replace macro minute_of(t) as
  bucket(t, 60);

-- The last part of an ARM id.
create or replace macro short_name(id) as
  split_part(id, '/', -1);

-- An IPv4 address as a number; null for anything else.
create or replace macro ip_number(ip) as
  try_cast(split_part(ip, '.', 1) as bigint) * 16777216
  + try_cast(split_part(ip, '.', 2) as bigint) * 65536
  + try_cast(split_part(ip, '.', 3) as bigint) * 256
  + try_cast(split_part(ip, '.', 4) as bigint);

-- Whether an IPv4 prefix or address covers an address or the first address of a prefix; null when either is no IPv4.
create or replace macro in_prefix(ip, prefix) as
  ip_number(split_part(ip, '/', 1)) // (1::bigint << (32 - coalesce(try_cast(nullif(split_part(prefix, '/', 2), '') as integer), 32)))
  = ip_number(split_part(prefix, '/', 1)) // (1::bigint << (32 - coalesce(try_cast(nullif(split_part(prefix, '/', 2), '') as integer), 32)));

-- Whether an address lies in one of several prefixes, written with commas between; null is none.
create or replace macro in_prefixes(ip, prefixes) as
  coalesce(list_bool_or(list_transform(string_split(coalesce(prefixes, ''), ','), prefix -> coalesce(in_prefix(ip, trim(prefix)), false))), false);

-- The names of the bits in the column flags.
create or replace macro flag_names(flags) as
  list_filter([
    case when flags & 1 <> 0 then 'TimeUnit' end,
    case when flags & 2 <> 0 then 'TimeRange' end,
    case when flags & 4 <> 0 then 'FieldCount' end,
    case when flags & 8 <> 0 then 'ExtraFields' end,
    case when flags & 16 <> 0 then 'TrailingCommas' end,
    case when flags & 32 <> 0 then 'Spaces' end,
    case when flags & 64 <> 0 then 'LowerCase' end,
    case when flags & 128 <> 0 then 'UnknownCode' end,
    case when flags & 256 <> 0 then 'AddressForm' end,
    case when flags & 512 <> 0 then 'PartialCounters' end,
    case when flags & 1024 <> 0 then 'CountersOnBegin' end,
    case when flags & 2048 <> 0 then 'CounterForm' end,
    case when flags & 4096 <> 0 then 'Recreated' end,
    case when flags & 8192 <> 0 then 'Mac' end,
    case when flags & 16384 <> 0 then 'RuleForm' end,
    case when flags & 32768 <> 0 then 'Record' end,
    case when flags & 65536 <> 0 then 'Path' end
  ], name -> name is not null);

-- Bounds of the Wilson score interval (95 %) of k out of n.
create or replace macro wilson_low(k, n) as
  (k / n + 1.9208 / n - 1.96 * sqrt((k / n) * (1 - k / n) / n + 0.9604 / (n * n))) / (1 + 3.8416 / n);
create or replace macro wilson_high(k, n) as
  (k / n + 1.9208 / n + 1.96 * sqrt((k / n) * (1 - k / n) / n + 0.9604 / (n * n))) / (1 + 3.8416 / n);

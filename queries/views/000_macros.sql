-- title: Macros
-- question: What do many queries say?

-- The start of the interval of so many seconds that holds t.
create or replace macro bucket(t, seconds) as
  to_timestamp(int_div(epoch_ms(t), seconds * 1000) * seconds);

create or replace macro minute_of(t) as
  bucket(t, 60);

-- The last part of an ARM id.
create or replace macro short_name(id) as
  split_part(id, '/', -1);

-- Whether an address lies in one of several prefixes, written with commas between; null is none.
create or replace macro in_prefixes(ip, prefixes) as
  in_any_prefix(ip, comma_items(prefixes));

-- The names of the bits in the column flags.
create or replace macro flag_names(flags) as
  without_nulls([
    case when has_bit(flags, 1) then 'TimeUnit' end,
    case when has_bit(flags, 2) then 'TimeRange' end,
    case when has_bit(flags, 4) then 'FieldCount' end,
    case when has_bit(flags, 8) then 'ExtraFields' end,
    case when has_bit(flags, 16) then 'TrailingCommas' end,
    case when has_bit(flags, 32) then 'Spaces' end,
    case when has_bit(flags, 64) then 'LowerCase' end,
    case when has_bit(flags, 128) then 'UnknownCode' end,
    case when has_bit(flags, 256) then 'AddressForm' end,
    case when has_bit(flags, 512) then 'PartialCounters' end,
    case when has_bit(flags, 1024) then 'CountersOnBegin' end,
    case when has_bit(flags, 2048) then 'CounterForm' end,
    case when has_bit(flags, 4096) then 'Recreated' end,
    case when has_bit(flags, 8192) then 'Mac' end,
    case when has_bit(flags, 16384) then 'RuleForm' end,
    case when has_bit(flags, 32768) then 'Record' end,
    case when has_bit(flags, 65536) then 'Path' end
  ]);

-- Bounds of the Wilson score interval (95 %) of k out of n.
create or replace macro wilson_low(k, n) as
  (k / n + 1.9208 / n - 1.96 * sqrt((k / n) * (1 - k / n) / n + 0.9604 / (n * n))) / (1 + 3.8416 / n);
create or replace macro wilson_high(k, n) as
  (k / n + 1.9208 / n + 1.96 * sqrt((k / n) * (1 - k / n) / n + 0.9604 / (n * n))) / (1 + 3.8416 / n);

//! The operations of the watch as Lua scripts.
//!
//! All keys have the same hash tag, so they are in one slot of a cluster. The keys of entries that an index names are
//! made of the prefix and the member.

use std::sync::LazyLock;

use super::script::{Script, script};

/// Defines a script with the functions that read and report entries.
///
/// A script reads all it needs before its first change, because Redis does not undo the changes of one that fails.
/// `last` names the last change of an entry: a repeat of that change after a broken connection gets the same reply.
macro_rules! watch {
    ($name:ident, $code:literal) => {
        script!(
            $name,
            r"
local function whole(value) return value and #value < 17 and string.match(value, '^%d+$') end
local function is_open(entry) return entry.phase == 'watching' or entry.phase == 'closing' end
local function read(key)
  local kind = redis.call('TYPE', key).ok
  if kind == 'none' then return {state = 'gone'} end
  if kind ~= 'hash' then return {state = 'corrupt'} end
  local found = redis.call('HMGET', key, 'phase', 'sub', 'lifetime', 'registered', 'fence', 'looks', 'held', 'last', 'note',
    'parent')
  local entry = {state = 'ok', phase = found[1], sub = found[2], lifetime = found[3], registered = found[4],
    fence = found[5], looks = found[6], held = found[7], last = found[8], note = found[9] and '+' .. found[9], parent = found[10]}
  local is_sound = entry.phase and entry.sub and whole(entry.lifetime) and whole(entry.registered) and whole(entry.fence)
    and whole(entry.looks)
  if not is_sound then entry.state = 'corrupt' end
  return entry
end
local function tell(reply, id, entry)
  local age = ''
  if entry.state == 'ok' then age = text(math.max(now - entry.registered, 0)) end
  for _, value in ipairs({id, entry.state, entry.phase or '', entry.sub or '', entry.parent or '', entry.lifetime or '', age,
    entry.fence or '', entry.looks or '', entry.note or ''}) do
    reply[#reply + 1] = value
  end
end
local function write_note(key, note)
  if note == '' then redis.call('HDEL', key, 'note') else redis.call('HSET', key, 'note', string.sub(note, 2)) end
end
",
            $code
        );
    };
}

// KEYS: entry, due. ARGV: id, sub-merchant, parent, lifetime, wait, caller, whether replicas are waited for.
//
// The first fence is the time: after a wipe fences are higher than before.
watch!(
    REGISTER,
    r"
local entry = read(KEYS[1])
if entry.state == 'corrupt' then return {'corrupt'} end
if entry.state == 'ok' then
  -- Something must be written for WAIT to wait for.
  if ARGV[7] == '1' then redis.call('HSET', KEYS[1], 'phase', entry.phase) end
  if redis.call('HGET', KEYS[1], 'registrar') == ARGV[6] then return {'ok'} end
  return {'already'}
end
redis.call('ZADD', KEYS[2], text(now + ARGV[5]), ARGV[1])
redis.call('HSET', KEYS[1], 'phase', 'watching', 'sub', ARGV[2], 'lifetime', ARGV[4], 'registered', text(now),
  'fence', text(now), 'looks', 0, 'held', 0, 'registrar', ARGV[6])
if ARGV[3] ~= '' then redis.call('HSET', KEYS[1], 'parent', ARGV[3]) end
return {'ok'}
"
);

// KEYS: due, batch. ARGV: prefix of entries, limit, lease, caller, expiry of the batch.
//
// The batch lets a caller that repeats the call after a broken connection find what it has taken. An entry that cannot
// be read is reported and put off, so that it is not in the way of the others.
watch!(
    TAKE,
    r"
local reply = {'ok'}
for _, id in ipairs(redis.call('LRANGE', KEYS[2], 0, -1)) do
  local entry = read(ARGV[1] .. id)
  if entry.state == 'ok' and entry.held == '1' and entry.last == ARGV[4] then tell(reply, id, entry) end
end
if #reply > 1 then return reply end
local batch = {}
for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', text(now), 'LIMIT', 0, ARGV[2])) do
  local key = ARGV[1] .. id
  local entry = read(key)
  if entry.state == 'ok' and not is_open(entry) then entry.state = 'corrupt' end
  if entry.state == 'gone' then
    redis.call('ZREM', KEYS[1], id)
  else
    redis.call('ZADD', KEYS[1], text(now + ARGV[3]), id)
  end
  if entry.state == 'ok' then
    entry.fence = text(redis.call('HINCRBY', key, 'fence', 1))
    entry.looks = text(redis.call('HINCRBY', key, 'looks', 1))
    redis.call('HSET', key, 'held', 1, 'last', ARGV[4])
    batch[#batch + 1] = id
  end
  tell(reply, id, entry)
end
if #batch > 0 then
  redis.call('RPUSH', KEYS[2], unpack(batch))
  redis.call('PEXPIRE', KEYS[2], ARGV[5])
end
return reply
"
);

// KEYS: entry, due. ARGV: id, fence, phase, wait, note, caller.
watch!(
    PUT_OFF,
    r"
local entry = read(KEYS[1])
if entry.state ~= 'ok' then return {entry.state} end
if entry.last == ARGV[6] then return {'ok'} end
if entry.held ~= '1' or entry.fence ~= ARGV[2] or not is_open(entry) then return {'lost'} end
redis.call('ZADD', KEYS[2], text(now + ARGV[4]), ARGV[1])
redis.call('HSET', KEYS[1], 'phase', ARGV[3], 'held', 0, 'last', ARGV[6])
write_note(KEYS[1], ARGV[5])
return {'ok'}
"
);

// KEYS: entry, due, look, ended. ARGV: id, fence or nothing, end, the ends that it replaces, note, retention, caller,
// whether replicas are waited for.
watch!(
    END,
    r"
local entry = read(KEYS[1])
if entry.state == 'gone' and ARGV[2] == '' then return {'unknown'} end
if entry.state ~= 'ok' then return {entry.state} end
if entry.last == ARGV[7] then
  if ARGV[8] == '1' then redis.call('HSET', KEYS[1], 'phase', entry.phase) end
  return {'ok'}
end
if not is_open(entry) and (ARGV[2] ~= '' or not string.find(ARGV[4], ' ' .. entry.phase .. ' ', 1, true)) then
  if ARGV[8] == '1' then redis.call('HSET', KEYS[1], 'phase', entry.phase) end
  return {'already', entry.phase}
end
if ARGV[2] ~= '' and (entry.held ~= '1' or entry.fence ~= ARGV[2]) then return {'lost'} end
if ARGV[3] == 'needs-look' then
  redis.call('ZADD', KEYS[3], entry.registered, ARGV[1])
else
  redis.call('ZADD', KEYS[4], text(now + ARGV[6]), ARGV[1])
  redis.call('ZREM', KEYS[3], ARGV[1])
end
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('HSET', KEYS[1], 'phase', ARGV[3], 'held', 0, 'last', ARGV[7])
write_note(KEYS[1], ARGV[5])
return {'ok'}
"
);

// KEYS: entry, due, look, ended. ARGV: id.
watch!(
    RECHECK,
    r"
local entry = read(KEYS[1])
if entry.state == 'gone' then return {'unknown'} end
if entry.state ~= 'ok' then return {entry.state} end
redis.call('ZADD', KEYS[2], text(now), ARGV[1])
redis.call('ZREM', KEYS[3], ARGV[1])
redis.call('ZREM', KEYS[4], ARGV[1])
if not is_open(entry) then
  redis.call('HSET', KEYS[1], 'phase', 'watching')
  redis.call('HDEL', KEYS[1], 'note')
end
redis.call('HSET', KEYS[1], 'held', 0)
redis.call('HDEL', KEYS[1], 'last')
return {'ok'}
"
);

// KEYS: entry. ARGV: id.
watch!(
    ENTRY,
    r"
local entry = read(KEYS[1])
if entry.state == 'gone' then return {'unknown'} end
if entry.state ~= 'ok' then return {entry.state} end
local reply = {'ok'}
tell(reply, ARGV[1], entry)
return reply
"
);

// KEYS: look. ARGV: prefix of entries, limit.
watch!(
    NEED_LOOK,
    r"
local reply = {'ok'}
for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', '+inf', 'LIMIT', 0, ARGV[2])) do
  tell(reply, id, read(ARGV[1] .. id))
end
return reply
"
);

// KEYS: due, look. Replies with the open entries, those that need a look, and the longest wait.
watch!(
    COUNTS,
    r"
local first = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')[2]
return {'ok', text(redis.call('ZCARD', KEYS[1])), text(redis.call('ZCARD', KEYS[2])),
  text(math.max(now - (tonumber(first) or now), 0))}
"
);

// KEYS: ended. ARGV: prefix of entries, limit. Replies with the members that it looked at and the entries that it deleted.
watch!(
    PURGE,
    r"
local past = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', text(now), 'LIMIT', 0, ARGV[2])
local deleted = 0
for _, id in ipairs(past) do
  local entry = read(ARGV[1] .. id)
  redis.call('ZREM', KEYS[1], id)
  if entry.state == 'ok' and not is_open(entry) and entry.phase ~= 'needs-look' then
    redis.call('DEL', ARGV[1] .. id)
    deleted = deleted + 1
  end
end
return {'ok', text(#past), text(deleted)}
"
);

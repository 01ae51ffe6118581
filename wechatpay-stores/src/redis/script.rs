//! The operations as Lua scripts.
//!
//! Each script of a lease touches one key, so that it runs on any cluster, and uses the server's time.

use std::sync::LazyLock;

/// A script and its digest, by which the server caches it.
pub(super) struct Script {
    pub(super) code: &'static str,
    pub(super) digest: String,
}

impl Script {
    pub(super) fn new(code: &'static str) -> Self {
        Self {
            code,
            digest: ::redis::Script::new(code).get_hash().to_owned(),
        }
    }
}

/// Defines a script with a common prologue.
///
/// The prologue defines the time in milliseconds and a function that writes a number without an exponent.
macro_rules! script {
    ($name:ident, $($code:literal),+ $(,)?) => {
        pub(super) static $name: LazyLock<Script> = LazyLock::new(|| {
            Script::new(concat!(
                "local time = redis.call('TIME')\n",
                "local now = time[1] * 1000 + math.floor(time[2] / 1000)\n",
                "local function text(number) return string.format('%.0f', number) end\n",
                $($code),+
            ))
        });
    };
}
pub(super) use script;

// ARGV: facts, event type, lease, retention, owner, whether replicas are waited for.
//
// The owner lets a caller that repeats the call after a broken connection recognise its own lease. The first
// fence is the time: after a wipe fences are higher than before, so an earlier handler completes nothing.
script!(
    BEGIN,
    r"
local lease = redis.call('HMGET', KEYS[1], 'state', 'facts', 'fence', 'attempts', 'until', 'owner')
local state, facts, fence, attempts, ends, owner = lease[1], lease[2], lease[3], lease[4], lease[5], lease[6]
if not state then
  if redis.call('EXISTS', KEYS[1]) == 1 then return {'corrupt'} end
  redis.call('HSET', KEYS[1], 'state', 'held', 'facts', ARGV[1], 'event', ARGV[2], 'fence', text(now), 'attempts', 1,
    'until', text(now + ARGV[3]), 'retention', ARGV[4], 'owner', ARGV[5], 'seen', text(now))
  redis.call('PEXPIRE', KEYS[1], ARGV[4])
  return {'acquired', text(now), '1'}
end
if not (facts and fence and attempts) then return {'corrupt'} end
if state == 'done' then
  if facts ~= ARGV[1] then return {'mismatch'} end
  -- Something must be written for WAIT to wait for; that it is done already changes nothing.
  if ARGV[6] == '1' then redis.call('HSET', KEYS[1], 'state', 'done') end
  return {'done', fence}
end
if state == 'held' then
  ends = tonumber(ends)
  if not ends then return {'corrupt'} end
  if ends > now then
    if owner == ARGV[5] then return {'acquired', fence, attempts} end
    return {'busy', text(ends - now)}
  end
elseif state ~= 'released' then
  return {'corrupt'}
end
redis.call('HINCRBY', KEYS[1], 'fence', 1)
redis.call('HINCRBY', KEYS[1], 'attempts', 1)
redis.call('HSET', KEYS[1], 'state', 'held', 'facts', ARGV[1], 'until', text(now + ARGV[3]), 'retention', ARGV[4], 'owner', ARGV[5])
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return {'acquired', redis.call('HGET', KEYS[1], 'fence'), redis.call('HGET', KEYS[1], 'attempts')}
"
);

// ARGV: fence, lease. The key must outlive the lease, because it holds the fence.
script!(
    RENEW,
    r"
local lease = redis.call('HMGET', KEYS[1], 'state', 'fence', 'retention')
if not lease[1] then return {'gone'} end
if lease[2] ~= ARGV[1] or lease[1] ~= 'held' then return {'lost'} end
redis.call('HSET', KEYS[1], 'until', text(now + ARGV[2]))
redis.call('PEXPIRE', KEYS[1], text(math.max(tonumber(lease[3]) or 0, tonumber(ARGV[2]), 1)))
return {'ok'}
"
);

// ARGV: fence, retention, whether replicas are waited for.
script!(
    COMPLETE,
    r"
local lease = redis.call('HMGET', KEYS[1], 'state', 'fence')
if not lease[1] then return {'gone'} end
if lease[2] ~= ARGV[1] then return {'lost'} end
if lease[1] == 'done' then
  if ARGV[3] == '1' then redis.call('HSET', KEYS[1], 'state', 'done') end
  return {'already'}
end
if lease[1] ~= 'held' then return {'lost'} end
redis.call('HSET', KEYS[1], 'state', 'done', 'retention', ARGV[2], 'finished', text(now))
redis.call('HDEL', KEYS[1], 'until', 'owner')
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return {'ok'}
"
);

// ARGV: fence. The key is not deleted, because it holds the fence.
script!(
    RELEASE,
    r"
local lease = redis.call('HMGET', KEYS[1], 'state', 'fence')
if not lease[1] then return {'gone'} end
if lease[2] ~= ARGV[1] or lease[1] ~= 'held' then return {'lost'} end
redis.call('HSET', KEYS[1], 'state', 'released')
redis.call('HDEL', KEYS[1], 'until', 'owner')
return {'ok'}
"
);

// ARGV: event, retention. Replies with the event that the notification's id belongs to, which is set once.
script!(
    NAME,
    r"
if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return {ARGV[1]} end
return {redis.call('GET', KEYS[1]) or ARGV[1]}
"
);

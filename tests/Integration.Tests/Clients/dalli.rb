# Everything that Dalli's client can do, with the meta protocol. It reads values as lines: none here has one's end in it. Usage: ruby dalli.rb HOST:PORT
require 'dalli'

$checks = 0

def check(what, expected, actual)
  $checks += 1
  abort "#{what}: expected #{expected.inspect}, got #{actual.inspect}" unless expected == actual
end

def client(options = {})
  Dalli::Client.new(ARGV[0], { protocol: :meta, namespace: "dalli-#{Process.pid}" }.merge(options))
end

cache = client
cache.flush
check 'set', true, !!cache.set('a', { 'one' => [1, nil, 'two'] })
check 'get', { 'one' => [1, nil, 'two'] }, cache.get('a')
check 'get of nothing', nil, cache.get('none')
check 'add over', false, !!cache.add('a', 1)
check 'add', true, !!cache.add('b', 1)
check 'replace', true, !!cache.replace('b', 2)
check 'replace of nothing', false, !!cache.replace('none', 2)
check 'get after replace', 2, cache.get('b')
check 'delete', true, cache.delete('b')
check 'delete of nothing', false, cache.delete('b')

check 'raw set', true, !!cache.set('text', 'b', 0, raw: true)
check 'append', true, cache.append('text', 'c')
check 'prepend', true, cache.prepend('text', 'a')
check 'after append and prepend', 'abc', cache.get('text', raw: true)
check 'append to nothing', false, cache.append('none', 'c')

check 'incr of nothing', nil, cache.incr('n')
check 'incr with default', 10, cache.incr('n', 1, 100, 10)
check 'incr', 15, cache.incr('n', 5)
check 'decr', 12, cache.decr('n', 3)
check 'decr below zero', 0, cache.decr('n', 100)

value, token = cache.get_cas('a')
check 'value with token', { 'one' => [1, nil, 'two'] }, value
check 'set of this version', true, !!cache.set_cas('a', 'next', token)
check 'set of an old version', false, !!cache.set_cas('a', 'late', token)
check 'replace of an old version', false, !!cache.replace_cas('a', 'late', token)
check 'delete of an old version', false, cache.delete_cas('a', token)
check 'cas', true, !!cache.cas('a') { |old| "#{old} one" }
check 'cas of nothing', nil, cache.cas('none') { |old| old }
check 'cas! of nothing', true, !!cache.cas!('fresh') { |old| old.inspect }
check 'after cas', ['next one', 'nil'], [cache.get('a'), cache.get('fresh')]
_, token = cache.get_cas('fresh')
check 'delete of this version', true, cache.delete_cas('fresh', token)

check 'touch', true, cache.touch('a', 100)
check 'touch of nothing', nil, cache.touch('none', 100)
check 'gat', 'next one', cache.gat('a', 200)
check 'gat of nothing', nil, cache.gat('none', 200)
check 'fetch', ['made', 'made'], [cache.fetch('f') { 'made' }, cache.fetch('f') { 'again' }]

keys = (0...500).map { |i| "many-#{i}" }
cache.quiet { keys.each_with_index { |key, i| cache.set(key, i) } }
check 'get_multi', keys.each_with_index.to_h, cache.get_multi(*keys, 'none')
check 'get_multi_cas', keys.first(3).each_with_index.to_h, cache.get_multi_cas(*keys.first(3)).transform_values(&:first)
cache.quiet { keys.first(250).each { |key| cache.delete(key) } }
check 'quiet deletes', keys.drop(250), cache.get_multi(*keys).keys.sort_by { |key| key[5..].to_i }

odd = "schl\u00fcssel mit leerzeichen \u30c6\u30b9\u30c8"
check 'key in base64', true, !!cache.set(odd, 'x')
check 'get by it', 'x', cache.get(odd)
check 'get_multi by it', { odd => 'x' }, cache.get_multi(odd)
check 'long key', ['y', nil], [cache.set('k' * 400, 'y') && cache.get('k' * 400), cache.get('k' * 401)]

big = (0...100_000).map(&:to_s).join(' ')
plain = client(compress: false)
check 'large value', true, !!plain.set('big', big)
check 'get of it', true, plain.get('big') == big
packed = client(compress: true)
check 'compressed value', true, !!packed.set('packed', 'z' * 3_000_000)
check 'get of that', 'z' * 3_000_000, packed.get('packed')

check 'nil as a value', [true, nil], [!!client(cache_nils: true).set('nil', nil), client(cache_nils: true).fetch('nil') { 'made' }]
check 'version', ['1.6.45'], cache.version.values
check 'stats', true, cache.stats.values.first.key?('curr_connections')
check 'reset', [true], cache.reset_stats
check 'alive', true, !!cache.alive!
check 'flush', [true, nil], [cache.flush.all?, cache.get('a')]
cache.close
puts "#{$checks} checks passed"

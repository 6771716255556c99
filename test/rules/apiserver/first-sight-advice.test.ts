import { expect, test } from 'vitest'
import { type Pages, saidTo } from '../said-to-server.ts'

const HANDSHAKES = 'net/http.(*conn).serve; crypto/tls.(*Conn).serverHandshake 400'

test.each([
  [
    'HTTP/1.1',
    'net/http.(*conn).serve; net/http.serverHandler.ServeHTTP 60',
    /come by HTTP\/1\.1/,
    /goaway-chance|closes an HTTP\/2|connection of HTTP\/2/,
  ],
  [
    'HTTP/2',
    'golang.org/x/net/http2.(*serverConn).runHandler; net/http.serverHandler.ServeHTTP 60',
    /make a connection for each request/,
    /come by HTTP\/1\.1|goaway-chance/,
  ],
  [
    'HTTP/2, some of which are told to connect anew',
    'golang.org/x/net/http2.(*serverConn).runHandler; k8s.io/apiserver/pkg/server/filters.(*goaway).ServeHTTP 60',
    /goaway-chance is set[^]*make a connection for each request/,
    /come by HTTP\/1\.1/,
  ],
])('handshakes of clients that send requests by %s', (_name, requests, said, unsaid) => {
  const text = saidTo({
    rule: 'apiserver.tls-handshakes',
    stacks: `${HANDSHAKES}\n${requests}`,
  })
  expect(text).toMatch(said)
  expect(text).not.toMatch(unsaid)
})

const REPLAYS =
  'k8s.io/apiserver/pkg/storage/cacher.(*cacheWatcher).processInterval; k8s.io/apiserver/pkg/storage/cacher.(*cacheWatcher).sendWatchCacheEvent 400'
const WATCHES = 'apiserver_request_total{verb="WATCH",resource="secrets"}'
const LISTED = 'apiserver_watch_list_duration_seconds_count{resource="secrets"}'
const OPEN = 'apiserver_longrunning_requests{verb="WATCH",resource="secrets"}'

test.each<[string, Pages, RegExp, RegExp]>([
  [
    'that list as they watch',
    { [WATCHES]: [0, 270], [LISTED]: [0, 260], [OPEN]: [36, 36] },
    /start less often/,
    /at the resourceVersion of a list/,
  ],
  [
    'that begin without a version',
    { [WATCHES]: [0, 270], [LISTED]: [0, 3], [OPEN]: [36, 36] },
    /at the resourceVersion of a list/,
    /start less often/,
  ],
])('watches %s and live for seconds', (_name, pages, said, unsaid) => {
  const text = saidTo({ rule: 'apiserver.watch-init-events', stacks: REPLAYS, pages, minor: 34 })
  expect(text).toMatch(said)
  expect(text).not.toMatch(unsaid)
})

const MUTATES =
  'k8s.io/apiserver/pkg/admission/plugin/webhook/mutating.(*mutatingDispatcher).Dispatch; k8s.io/client-go/rest.(*Request).Do 30'
const called = (name: string): string =>
  `apiserver_admission_webhook_request_total{name="${name}",type="admit"}`

test.each<[string, Pages, boolean]>([
  ['two mutating webhooks', { [called('a')]: [0, 50], [called('b')]: [0, 50] }, true],
  ['one mutating webhook', { [called('a')]: [0, 50] }, false],
])('requests that wait for %s', (_name, pages, isJoined) => {
  const rule = 'apiserver.webhook-admission.waiting'
  const text = saidTo({ rule, stacks: MUTATES, reads: 'goroutine', pages })
  expect(/join them into one/.test(text)).toBe(isJoined)
})

const posts = (group: string): string =>
  `apiserver_request_total{group="${group}",resource="events",verb="POST"}`

test.each([
  ['events.k8s.io', /client-go\/tools\/events/, /record\.NewBroadcaster/],
  ['', /record\.NewBroadcaster/, /client-go\/tools\/events/],
])('a flood of Events of the group "%s"', (group, said, unsaid) => {
  const pages: Pages = { [posts(group)]: [0, 2200] }
  const text = saidTo({
    rule: 'apiserver.event-flood',
    stacks: 'k8s.io/api/core/v1.(*Event).Unmarshal 3',
    pages,
  })
  expect(text).toMatch(said)
  expect(text).not.toMatch(unsaid)
  expect(text).toMatch(/Nearly all that is written are Events/)
})

const ENCODES = 'k8s.io/apimachinery/pkg/runtime/serializer/json.(*Serializer).Encode 400'

test.each([
  [
    'lists',
    `k8s.io/apiserver/pkg/endpoints/handlers.ListResource.func1; k8s.io/apiserver/pkg/endpoints/handlers/responsewriters.SerializeObject; ${ENCODES}`,
    false,
  ],
  [
    'watches',
    `k8s.io/apiserver/pkg/endpoints/handlers.(*WatchServer).HandleHTTP; ${ENCODES}`,
    true,
  ],
])('bytes of watch events are evidence of JSON for watches: %s', (_name, stacks, isSaid) => {
  const pages: Pages = { 'apiserver_watch_events_sizes_sum{resource="leases"}': [0, 5000] }
  const text = saidTo({ rule: 'apiserver.encode-json', stacks, pages })
  expect(/Bytes of watch events: /.test(text)).toBe(isSaid)
})

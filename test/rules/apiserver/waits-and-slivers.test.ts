import { expect, test } from 'vitest'
import { type Pages, saidTo } from '../said-to-server.ts'

const AS = 'k8s.io/apiserver/pkg'
const TRANSACTIONS = `${AS}/storage/etcd3.(*store).GuaranteedUpdate; go.etcd.io/etcd/client/v3.(*txn).Commit 30`

const ofWrites = (updates: number) =>
  saidTo({
    rule: 'apiserver.etcd-wait',
    reads: 'goroutine',
    stacks: TRANSACTIONS,
    cpuSamples: 20,
    pages: {
      'apiserver_request_total{verb="PATCH",code="200"}': [0, 100],
      'etcd_request_duration_seconds_count{operation="update"}': [0, updates],
      'etcd_request_duration_seconds_sum{operation="update"}': [0, updates * 0.4],
    },
  })

test('writes that etcd is asked for several times each are advised first of all', () => {
  const conflicts = ofWrites(700)
  expect(conflicts).toMatch(/writers conflict/)
  expect(conflicts.indexOf('writers conflict')).toBeLessThan(conflicts.indexOf('look at the disk'))
  expect(ofWrites(105)).not.toMatch(/writers conflict/)
})

const ofTokens = (hits: number) =>
  saidTo({
    rule: 'apiserver.webhook-auth.waiting',
    reads: 'goroutine',
    stacks: `${AS.replace('pkg', 'plugin/pkg')}/authenticator/token/webhook.(*WebhookTokenAuthenticator).AuthenticateToken; k8s.io/client-go/rest.(*Request).Do 30`,
    pages: {
      'authentication_token_cache_request_total{status="hit"}': [0, hits],
      'authentication_token_cache_request_total{status="miss"}': [0, 1000],
    },
  })

test('a longer time in the cache is no advice where hardly any token is found there', () => {
  expect(ofTokens(2)).toMatch(/ever new tokens/)
  expect(ofTokens(2)).not.toMatch(/cache-ttl \(2m/)
  expect(ofTokens(900)).toMatch(/cache-ttl \(2m/)
})

const ofQueues = (waited: number) =>
  saidTo({
    rule: 'apiserver.apf-queue',
    reads: 'goroutine',
    stacks: `${AS}/util/flowcontrol/fairqueuing/queueset.(*request).Finish; ${AS}/util/flowcontrol/fairqueuing/queueset.(*request).wait 3`,
    pages: {
      apiserver_flowcontrol_request_wait_duration_seconds_sum: [0, waited],
      apiserver_flowcontrol_request_wait_duration_seconds_count: [0, 40],
    },
  })

test('three that wait all the time at one seat are told, three that wait for a moment are not', () => {
  expect(ofQueues(30)).toMatch(/3 requests wait for a seat/)
  expect(ofQueues(5)).toBe('')
})

const TABLES = `${AS}/endpoints/handlers.asTable 200`
const READS: Pages = { 'apiserver_request_total{verb="GET"}': [0, 900] }

test('what is read by name already is not advised to be', () => {
  const rule = 'apiserver.table-printing'
  const list: Pages = { ...READS, 'apiserver_request_total{verb="LIST"}': [0, 900] }
  expect(saidTo({ rule, stacks: TABLES, pages: READS })).toMatch(/kubectl wait/)
  expect(saidTo({ rule, stacks: TABLES, pages: READS })).not.toMatch(/costs one row/)
  expect(saidTo({ rule, stacks: TABLES, pages: list })).toMatch(/costs one row/)
})

const ofSecrets = (stored: number) =>
  saidTo({
    rule: 'apiserver.encryption-at-rest',
    stacks: `${AS}/storage/etcd3.(*store).GuaranteedUpdate; ${AS}/storage/value/encrypt/aes.(*cbc).TransformToStorage 200`,
    pages: {
      'apiserver_request_total{verb="PUT",code="200"}': [0, 500],
      'etcd_request_duration_seconds_count{operation="update"}': [0, stored],
    },
  })

test('updates of encrypted objects that all change something need no comparison', () => {
  expect(ofSecrets(500)).toMatch(/gather changes/)
  expect(ofSecrets(500)).not.toMatch(/compare before/)
  expect(ofSecrets(50)).toMatch(/compare before/)
})

test.each([
  ['apiserver.watch-dispatch', `${AS}/endpoints/handlers.(*WatchServer).HandleHTTP`],
  ['apiserver.list-from-cache', `${AS}/storage/cacher.(*Cacher).GetList`],
])('%s does not tell of a hundredth of a core', (rule, frame) => {
  const stacks = `${frame} 150`
  expect(saidTo({ rule, stacks, seconds: 10 })).toMatch(/CPU/)
  expect(saidTo({ rule, stacks, seconds: 120 })).toBe('')
})

test('the bytes of watches are not those of answers to GET and LIST', () => {
  const said = saidTo({
    rule: 'apiserver.encode-json',
    stacks: `${AS}/endpoints/handlers/responsewriters.SerializeObject; k8s.io/apimachinery/pkg/runtime/serializer/json.(*Serializer).Encode 200`,
    pages: {
      'apiserver_response_sizes_sum{verb="WATCH",resource="configmaps"}': [0, 10_000_000],
      'apiserver_response_sizes_sum{verb="LIST",resource="pods"}': [0, 500_000],
    },
  })
  expect(said).toMatch(/GET and LIST: pods 50,000\/s/)
})

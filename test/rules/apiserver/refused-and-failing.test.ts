import { expect, test } from 'vitest'
import { type Pages, saidTo } from '../said-to-server.ts'

const AS = 'k8s.io/apiserver/pkg'
const AE = 'k8s.io/apiextensions-apiserver/pkg'
const UPDATE = `${AS}/endpoints/handlers.UpdateResource.func1.4; ${AS}/storage/etcd3.(*store).GuaranteedUpdate`

/** So many updates a second of an object, and of them those that are refused. */
const updates = (accepted: number, refused: number): Pages => ({
  'apiserver_request_total{verb="PUT",resource="stations",code="200"}': [0, accepted * 10],
  'apiserver_request_total{verb="PUT",resource="stations",code="409"}': [0, refused * 10],
})
const reads = (perSecond: number): Pages => ({
  'apiserver_request_total{verb="GET",resource="stations",code="200"}': [0, perSecond * 10],
})

const saidOfConflicts = (pages: Pages) =>
  saidTo({ rule: 'apiserver.write-conflicts', stacks: `${UPDATE} 500`, pages })

test('clients that read an object before each try are not told to', () => {
  const seldom = saidOfConflicts({ ...updates(4, 66), ...reads(2) })
  expect(seldom).toMatch(/read it again before each try/)
  const each = saidOfConflicts({ ...updates(4, 66), ...reads(70) })
  expect(each).not.toMatch(/read it again before each try/)
  expect(each).toMatch(/let one own it, or each its own part/)
  expect(each).toMatch(/Requests to read one object: stations 70\/s/)
})

test('who is refused is not told to compare before writing', () => {
  const refused = saidOfConflicts(updates(4, 66))
  expect(refused).not.toMatch(/compare before writing/)
  expect(refused).toMatch(/without a resourceVersion[^]*wait longer/)
  const tries = { 'etcd_request_duration_seconds_count{operation="update"}': [0, 9000] } as const
  const few = saidOfConflicts({ ...updates(66, 4), ...tries })
  expect(few).toMatch(/compare before writing/)
  expect(few).not.toMatch(/Most updates are refused/)
})

const TYPED = `${UPDATE}; sigs.k8s.io/structured-merge-diff/v4/typed.TypedValue.Compare 500`
const CUSTOM = `${AS}/endpoints/handlers.UpdateResource.func1; ${AE}/apiserver/schema/pruning.PruneWithOptions 500`
const DECODES = `${AS}/endpoints/handlers.UpdateResource.func1; k8s.io/apimachinery/pkg/runtime/serializer/json.(*Serializer).Decode 500`
const ENCRYPTS = `${UPDATE}; ${AS}/storage/value/encrypt/aes.(*gcm).TransformToStorage 500`

test.each([
  ['apiserver.crd-unstructured', CUSTOM],
  ['apiserver.managed-fields', TYPED],
  ['apiserver.decode-json-body', DECODES],
  ['apiserver.encryption-at-rest', ENCRYPTS],
])('%s has updates compared unless conflicts refuse them', (rule, stacks) => {
  const refused = saidTo({ rule, stacks, pages: updates(4, 66) })
  expect(refused).toMatch(/refused with a conflict \(evidence\)/)
  expect(refused).toMatch(/Updates refused with a conflict: stations 66\/s/)
  expect(refused).not.toMatch(/compare (?:first|before)|before updating|before they update/)
  for (const pages of [updates(66, 4), {}]) {
    const kept = saidTo({ rule, stacks, pages })
    expect(kept).toMatch(/compare (?:first|before)|before updating|before they update/)
    expect(kept).not.toMatch(/refused with a conflict/)
  }
})

const WAITS = `${AS}/admission/plugin/webhook/validating.(*validatingDispatcher).callHook; k8s.io/client-go/rest.(*Request).Do; runtime.selectgo 150`

/** Twenty calls a second of a webhook, which take so many seconds each. */
function calls(seconds: number, failing: Pages = {}): Pages {
  const duration = 'apiserver_admission_webhook_admission_duration_seconds'
  return {
    [`${duration}_sum{name="builds"}`]: [0, 200 * seconds],
    [`${duration}_count{name="builds"}`]: [0, 200],
    'apiserver_admission_webhook_request_total{name="builds"}': [0, 200],
    ...failing,
  }
}
const letThrough = (count: number): Pages => ({
  'apiserver_admission_webhook_fail_open_count{name="builds"}': [0, count],
})
const refusedFor = (count: number): Pages => ({
  'apiserver_admission_webhook_rejection_count{name="builds",error_type="calling_webhook_error"}': [
    0,
    count,
  ],
})
const saidOfWebhook = (pages: Pages) =>
  saidTo({
    rule: 'apiserver.webhook-admission.waiting',
    stacks: WAITS,
    reads: 'goroutine',
    pages,
  })

test('the time of calls that all fail is no answer to stay above', () => {
  for (const [seconds, failing] of [
    [3, letThrough(200)],
    [3, refusedFor(200)],
    [30, letThrough(200)],
    [30, refusedFor(200)],
  ] as const) {
    const said = saidOfWebhook(calls(seconds, failing))
    expect(said).toMatch(/a lower timeoutSeconds \(1 is the least\)/)
    expect(said).toMatch(/Average time until a call fails or is answered: builds/)
    expect(said).not.toMatch(/above its average answer|Average answer|longer on average/)
    expect(said).not.toMatch(/a round number of calls/)
  }
})

test('a webhook that answers late is no webhook whose calls fail', () => {
  for (const failing of [{}, letThrough(20), refusedFor(20)]) {
    const said = saidOfWebhook(calls(3, failing))
    expect(said).not.toMatch(/a timeoutSeconds above its average answer/)
    expect(said).toMatch(/Average answer of webhooks: builds/)
    expect(said).not.toMatch(/1 is the least/)
  }
})

test('calls that fail at once are no fast answers', () => {
  const writes = { 'apiserver_request_total{verb="POST"}': [0, 200] } as const
  const fails = { ...calls(0.04, letThrough(200)), ...writes }
  expect(saidOfWebhook(fails)).not.toMatch(/answer fast|1 is the least/)
})

test('new connections are counted by client whatever tcpdump prints first', () => {
  const stacks = 'crypto/tls.(*Conn).serverHandshake 500'
  const said = saidTo({ rule: 'apiserver.tls-handshakes', stacks })
  const pattern = /sed -nE 's\/([^/]+)\//.exec(said)?.[1] ?? 'none'
  const line = new RegExp(pattern)
  const flags = 'Flags [S], seq 1, win 65495, length 0'
  for (const start of ['19:24:45.360000', '19:24:45.360000 lo    In ']) {
    expect(line.exec(`${start} IP 10.0.0.7.37756 > 10.0.0.1.6443: ${flags}`)?.[1]).toBe('10.0.0.7')
    expect(line.exec(`${start} IP6 fd00::7.37756 > fd00::1.6443: ${flags}`)?.[1]).toBe('fd00::7')
  }
})

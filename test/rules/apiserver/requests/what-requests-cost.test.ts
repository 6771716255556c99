import { expect, test } from 'vitest'
import { type Pages, saidTo } from '../../said-to-server.ts'

const AS = 'k8s.io/apiserver/pkg'
const CRD = 'k8s.io/apiextensions-apiserver/pkg/apiserver'
const JSON = 'k8s.io/apimachinery/pkg/runtime/serializer/json.(*Serializer).Decode'

const recorded = (events: number): Pages => ({ apiserver_audit_event_total: [0, events] })
const audited = (stacks: string, pages: Pages) =>
  saidTo({ rule: 'apiserver.audit', stacks, pages, seconds: 5 })
const EVENTS = `${AS}/audit.(*AuditContext).ProcessEventStage 30`

test('audit events that are many as requests are many are no finding', () => {
  expect(audited(EVENTS, recorded(9000))).toBe('')
  expect(audited(EVENTS, recorded(900))).toMatch(/^info/)
  expect(audited(EVENTS, {})).toMatch(/^info/)
})

test('bodies that are encoded for the audit log are told however many requests there are', () => {
  const bodies = `${AS}/audit.LogResponseObject; ${AS}/audit.encodeObject 30`
  expect(audited(bodies, recorded(9000))).toMatch(/Metadata in place of Request/)
})

const looked = (hits: number, misses: number): Pages => ({
  'authentication_token_cache_request_total{status="hit"}': [0, hits],
  'authentication_token_cache_request_total{status="miss"}': [0, misses],
})
const TOKENS = `${AS}/authentication/token/cache.(*cachedTokenAuthenticator).AuthenticateToken 25`
const verified = (pages: Pages) =>
  saidTo({ rule: 'apiserver.authn-token', stacks: TOKENS, pages, seconds: 4 })

test('tokens that the cache finds are no finding, but those that it does not find are', () => {
  expect(verified(looked(9000, 10))).toBe('')
  expect(verified(looked(900, 10))).toMatch(/^info/)
  expect(verified(looked(900, 9000))).toMatch(/ever new tokens/)
})

const stored = (updates: number): Pages => ({
  'apiserver_request_total{verb="PUT",code="200"}': [0, 400],
  'etcd_request_duration_seconds_count{operation="update"}': [0, updates],
})
const PUTS = `${AS}/endpoints/handlers.UpdateResource; ${JSON} 300`
const RECORDS = `${CRD}.(*crdHandler).ServeHTTP; ${AS}/endpoints/handlers.UpdateResource; ${CRD}.schemaCoercingDecoder.Decode 300`
const PATCHES = `${AS}/endpoints/handlers.PatchResource; ${JSON} 300`

test.each([
  ['apiserver.decode-json-body', PUTS, /they compare first/],
  ['apiserver.decode-json-body', PATCHES, /send none/],
  ['apiserver.crd-unstructured', RECORDS, /they compare before they update/],
])('%s tells nobody to compare whose updates all change something', (rule, stacks, compare) => {
  expect(saidTo({ rule, stacks, pages: stored(395) })).toMatch(/next to each changes something/)
  expect(saidTo({ rule, stacks, pages: stored(395) })).not.toMatch(compare)
  expect(saidTo({ rule, stacks, pages: stored(160) })).toMatch(compare)
  expect(saidTo({ rule, stacks, pages: stored(160) })).not.toMatch(/next to each changes/)
  expect(saidTo({ rule, stacks })).toMatch(compare)
})

const convert = `${CRD}/conversion.(*crConverter).Convert`
const converted = (above: string) =>
  saidTo({ rule: 'apiserver.crd-unstructured', stacks: `${above}; ${convert} 300` })

test('custom resources that are converted without a webhook are told what asks for it', () => {
  expect(converted(`${AS}/storage/etcd3.(*watchChan).transform`)).toMatch(
    /for the watch cache is 100%/,
  )
  expect(
    converted(`${CRD}.(*crdHandler).ServeHTTP; ${AS}/endpoints/handlers.DeleteResource`),
  ).toMatch(/Deletions are 100%/)
  expect(converted('net/http.HandlerFunc.ServeHTTP')).toMatch(/No kind of request is most of it/)
  expect(
    converted(`${CRD}.(*crdHandler).ServeHTTP; ${AS}/endpoints/handlers.ListResource`),
  ).not.toMatch(/No kind of request|Deletions are|for the watch cache is/)
})

const FOLD = 'github.com/google/cel-go/interpreter.(*evalFold).Eval'
const checked = (stacks: string) =>
  saidTo({
    rule: 'apiserver.cel',
    stacks: `${CRD}/schema/cel.(*Validator).Validate; ${stacks} 300`,
  })

test('only a rule that walks a list within a list may be one that keeps its entries different', () => {
  expect(checked(`${FOLD}; ${FOLD}`)).toMatch(/x-kubernetes-list-type/)
  expect(checked(`${FOLD}; ${FOLD}`)).not.toMatch(/walk each list once|allowed values/)
  expect(checked(FOLD)).toMatch(/walk each list once/)
  expect(checked(FOLD)).not.toMatch(/x-kubernetes-list-type/)
})

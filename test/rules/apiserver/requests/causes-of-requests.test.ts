import { expect, test } from 'vitest'
import { type Pages, saidTo } from '../../said-to-server.ts'

const AS = 'k8s.io/apiserver/pkg'
const AE = 'k8s.io/apiextensions-apiserver/pkg/apiserver'
const DISCOVERY = `${AS}/endpoints/discovery.(*APIVersionHandler).ServeHTTP`
const CACHE = `${AS}/authentication/token/cache.(*cachedTokenAuthenticator).AuthenticateToken`
const EVENTS = 'k8s.io/apiserver/plugin/pkg/audit/log.(*backend).ProcessEvents'
const TIMES = `${EVENTS}; encoding/json.addrMarshalerEncoder; encoding/json.appendCompact`

const found: Pages = {
  'authentication_token_cache_request_total{status="hit"}': [0, 18_000],
  'authentication_token_cache_request_total{status="miss"}': [0, 1],
}
const unknown: Pages = { 'authentication_token_cache_request_total{status="miss"}': [0, 18_000] }

const ofTokens = (stacks: string, pages: Pages) =>
  saidTo({ rule: 'apiserver.authn-token', stacks, pages })

test('tokens looked up for very many requests are no cause of their own, dear look-ups are', () => {
  const stacks = `${DISCOVERY} 120\n${CACHE} 60\nmain.other 600`
  expect(ofTokens(stacks, found)).toBe('')
  const fewer: Pages = {
    ...found,
    'authentication_token_cache_request_total{status="hit"}': [0, 900],
  }
  expect(ofTokens(stacks, fewer)).toMatch(/^info/)
  expect(ofTokens(stacks, unknown)).toMatch(/^info/)
})

test('tokens that cost a hundredth of a core are not told, and of a webhook there are no ids', () => {
  const webhook =
    'k8s.io/apiserver/plugin/pkg/authenticator/token/webhook.(*WebhookTokenAuthenticator).AuthenticateToken'
  const jwt = 'k8s.io/kubernetes/pkg/serviceaccount.(*jwtTokenAuthenticator).AuthenticateToken'
  const seldom = { rule: 'apiserver.authn-token', stacks: `${webhook} 80`, seconds: 60 }
  expect(saidTo(seldom)).toBe('')
  expect(saidTo({ ...seldom, seconds: 10 })).toMatch(/^info/)
  expect(ofTokens(`${webhook} 100`, unknown)).not.toMatch(/credential-id/)
  expect(ofTokens(`${jwt} 100`, unknown)).toMatch(/credential-id/)
})

const ofAudit = (stacks: string) => saidTo({ rule: 'apiserver.audit', stacks })

test('events without bodies of very many requests for discovery are no cause of their own', () => {
  expect(ofAudit(`${DISCOVERY} 160\n${EVENTS} 80\nmain.other 400`)).toBe('')
  expect(ofAudit(`${DISCOVERY} 30\n${EVENTS} 80\nmain.other 400`)).toMatch(/^info/)
  expect(ofAudit(`${DISCOVERY} 160\n${AS}/audit.encodeObject 80\nmain.other 400`)).toMatch(/^info/)
})

test('times in events are no bodies', () => {
  expect(ofAudit(`${EVENTS} 40\n${TIMES} 60`)).not.toMatch(/bodies/i)
  expect(ofAudit(`${AS}/audit.encodeObject 40\n${TIMES} 60`)).toMatch(/100% of it is for bodies/)
})

const ofDefinitions = (stacks: string) => saidTo({ rule: 'apiserver.crd-unstructured', stacks })
const CRD = `${AE}.(*crdHandler).ServeHTTP`

test('discovery documents of custom resources are discovery, their objects are not', () => {
  const encoded = `encoding/json.(*Encoder).Encode 100`
  const document = `${CRD}; ${AE}.(*versionDiscoveryHandler).ServeHTTP; ${DISCOVERY}; ${encoded}`
  expect(ofDefinitions(document)).toBe('')
  expect(saidTo({ rule: 'apiserver.discovery', stacks: document })).toMatch(/warning|info/)
  const read = `${CRD}; ${AS}/endpoints/handlers.GetResource.func1; ${encoded}`
  expect(ofDefinitions(read)).toMatch(/Reads of single objects are 100% of it/)
})

const ofDocuments = (stacks: string, minor: number) =>
  saidTo({ rule: 'apiserver.discovery', stacks, minor })

test('documents asked for one by one are told of the aggregated one', () => {
  const whole = `${AS}/endpoints/discovery/aggregated.(*resourceDiscoveryManager).ServeHTTP 100`
  expect(ofDocuments(`${DISCOVERY} 100`, 35)).toMatch(/as=APIGroupDiscoveryList/)
  expect(ofDocuments(`${DISCOVERY} 100`, 25)).not.toMatch(/as=APIGroupDiscoveryList/)
  expect(ofDocuments(whole, 35)).not.toMatch(/as=APIGroupDiscoveryList/)
})

const WATCH = `${AS}/storage/etcd3.(*watchChan).transform`
const MAPS = `${WATCH}; ${AE}.schemaCoercingDecoder.Decode; k8s.io/apimachinery/pkg/apis/meta/v1/unstructured.unstructuredJSONScheme.Decode`

const ofMemory = (custom: number, configMaps: number) =>
  saidTo({
    rule: 'apiserver.watchcache-memory',
    reads: 'inuse_space',
    stacks: `${MAPS} ${custom}\n${WATCH}; k8s.io/api/core/v1.(*ConfigMap).Unmarshal ${configMaps}`,
  })

test('a cache that is custom resources is told of these alone', () => {
  expect(ofMemory(500e6, 30e6)).toMatch(/Custom resources are 94% of it/)
  expect(ofMemory(500e6, 30e6)).not.toMatch(/ConfigMaps and Secrets are|what the cluster holds/)
  expect(ofMemory(250e6, 250e6)).toMatch(/Custom resources are 50%[^]*ConfigMaps and Secrets are/)
  expect(ofMemory(30e6, 500e6)).not.toMatch(/Custom resources are/)
})

const ofReaders = (encoder: string) =>
  saidTo({
    rule: 'apiserver.slow-readers',
    reads: 'goroutine',
    stacks: `${AS}/endpoints/handlers.ListResource.func1; ${encoder}golang.org/x/net/http2.(*serverConn).writeDataFromHandler 36`,
  })
const JSON_OF = 'k8s.io/apimachinery/pkg/runtime/serializer/json'

test('lists that are encoded as they are sent are not held as answers', () => {
  const streamed = ofReaders(
    `${JSON_OF}.(*Serializer).Encode; ${JSON_OF}.streamEncodeCollections; `,
  )
  expect(streamed).toMatch(/item by item/)
  expect(streamed).not.toMatch(/as a whole before/)
  expect(ofReaders(`${JSON_OF}.(*Serializer).Encode; `)).toMatch(/as a whole before they are sent/)
})

const ofScrapes = (samples: number) =>
  saidTo({
    rule: 'apiserver.metrics-scrape',
    stacks: `github.com/prometheus/client_golang/prometheus.(*Registry).Gather ${samples}`,
  })

test('scrapes of a server that is idle otherwise are critical from half a core on', () => {
  expect(ofScrapes(360)).toMatch(/^warning/)
  expect(ofScrapes(560)).toMatch(/^critical/)
})

const ofLimits = (pods: number) =>
  saidTo({
    rule: 'apiserver.admission-plugin',
    stacks: 'k8s.io/kubernetes/plugin/pkg/admission/limitranger.(*LimitRanger).runLimitFunc 200',
    pages: { 'apiserver_request_total{resource="pods",verb="POST"}': [0, pods] },
  })

test('a plugin that takes milliseconds for a write is told of what it goes through first', () => {
  expect(ofLimits(400)).toMatch(/milliseconds \(evidence\)[^]*Find who writes/)
  expect(ofLimits(9000)).toMatch(/Find who writes[^]*Where one call/)
  expect(ofLimits(9000)).not.toMatch(/milliseconds \(evidence\)/)
})

test('updates of large objects are told to be compared before they are told to be protobuf', () => {
  const body = `${AS}/endpoints/handlers.UpdateResource.func1; k8s.io/apimachinery/pkg/runtime/serializer/json.(*Serializer).Decode 100`
  expect(saidTo({ rule: 'apiserver.decode-json-body', stacks: body })).toMatch(
    /compare first[^]*protobuf/,
  )
})

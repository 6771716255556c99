import { expect, test } from 'vitest'
import { type Pages, saidTo } from '../said-to-server.ts'

const AS = 'k8s.io/apiserver/pkg'
const FINISH = `${AS}/util/flowcontrol/fairqueuing/queueset.(*request).Finish`
const QUEUED = `${FINISH}; ${AS}/util/flowcontrol/fairqueuing/queueset.(*request).wait; runtime.selectgo 40`
const FRESH = `${FINISH}; ${AS}/storage/cacher.(*watchCache).waitUntilFreshAndBlock 30`

/** Forty requests in the queue of a level, of whose seats and all seats so many are in use. */
const seatsOf = (level: string, used: number): Pages => ({
  [`apiserver_flowcontrol_current_inqueue_requests{priority_level="${level}"}`]: [40, 40],
  [`apiserver_flowcontrol_current_executing_seats{priority_level="${level}"}`]: [used, used],
  [`apiserver_flowcontrol_nominal_limit_seats{priority_level="${level}"}`]: [600, 600],
})
const ofQueues = (pages: Pages, stacks = QUEUED) =>
  saidTo({ rule: 'apiserver.apf-queue', reads: 'goroutine', stacks, pages })

test('a level that was made with few seats is given more where most stand idle', () => {
  expect(ofQueues(seatsOf('teams', 3))).toMatch(/nominalConcurrencyShares[^]*Find the flow/)
  expect(ofQueues(seatsOf('teams', 400))).toMatch(/Find the flow[^]*nominalConcurrencyShares/)
})

test('a level of the server itself may borrow, so that its flow is what is looked for', () => {
  const said = ofQueues(seatsOf('workload-low', 3))
  expect(said).toMatch(/Find the flow/)
  expect(said).not.toMatch(/nominalConcurrencyShares in|borrowingLimitPercent 0/)
})

test('seats whose requests wait for the watch cache are no reason for more of them', () => {
  const said = ofQueues(seatsOf('teams', 30), `${QUEUED}\n${FRESH}`)
  expect(said).toMatch(/as 30 of 30 do/)
  expect(said).not.toMatch(/nominalConcurrencyShares in/)
})

const RBAC = 'k8s.io/kubernetes/plugin/pkg/auth/authorizer/rbac.(*RBACAuthorizer).Authorize'
const WALKS = `${RBAC}; k8s.io/kubernetes/pkg/registry/rbac/validation.appliesTo 300`

const ofRights = (stacks: string) => saidTo({ rule: 'apiserver.rbac', stacks })

test('requests are said to be refused where an answer of 403 is in the stacks', () => {
  expect(ofRights(WALKS)).not.toMatch(/refused/)
  expect(ofRights(`${WALKS}\n${AS}/endpoints/handlers/responsewriters.Forbidden 10`)).toMatch(
    /refused/,
  )
})

const REVIEWS =
  'k8s.io/apiserver/plugin/pkg/authorizer/webhook.(*WebhookAuthorizer).Authorize; k8s.io/client-go/rest.(*Request).Do 50'
const reviewed = (name: string): Pages => ({
  [`apiserver_authorization_webhook_duration_seconds_count{name="${name}"}`]: [0, 500],
  [`apiserver_authorization_webhook_duration_seconds_sum{name="${name}"}`]: [0, 500],
})

const ofReviews = (pages: Pages) =>
  saidTo({ rule: 'apiserver.webhook-auth.waiting', reads: 'goroutine', stacks: REVIEWS, pages })

test('how long answers about rights are kept is set where the webhook is configured', () => {
  expect(ofReviews(reviewed('default'))).toMatch(/webhook-cache-authorized-ttl/)
  expect(ofReviews(reviewed('default'))).not.toMatch(/authorizedTTL and/)
  expect(ofReviews(reviewed('company'))).toMatch(/authorizedTTL and unauthorizedTTL/)
  expect(ofReviews(reviewed('company'))).not.toMatch(/webhook-cache-authorized-ttl/)
  expect(ofReviews({})).toMatch(/authorizedTTL[^]*or, without such a file/)
})

const SHAKES = 'net/http.(*conn).serve; crypto/tls.(*Conn).serverHandshake 400'
const STREAM =
  'golang.org/x/net/http2.(*serverConn).runHandler; net/http.serverHandler.ServeHTTP 60'
const asked = (path: string): Pages => ({
  'authentication_attempts{result="success"}': [0, 2000],
  [`apiserver_request_total{verb="GET",subresource="${path}"}`]: [0, 2000],
})

const ofChecks = (pages: Pages) =>
  saidTo({ rule: 'apiserver.tls-handshakes', stacks: `${SHAKES}\n${STREAM}`, pages })

test('health checks by HTTP/2 are told why their connections end, and no others are', () => {
  expect(ofChecks(asked('/readyz'))).toMatch(/Where health checks/)
  expect(ofChecks(asked(''))).not.toMatch(/Where health checks|have no credentials/)
  expect(ofChecks({})).not.toMatch(/authentication fails|have no credentials/)
})

test('match conditions of webhooks are no policies', () => {
  const matches = `${AS}/admission/plugin/webhook/matchconditions.(*matcher).Match; ${AS}/admission/plugin/cel.(*condition).ForInput`
  const said = saidTo({
    rule: 'apiserver.cel',
    stacks: `${matches}; ${AS}/admission/plugin/cel.convertObjectToUnstructured 200\n${matches}; github.com/google/cel-go/cel.(*prog).ContextEval 100`,
  })
  expect(said).toMatch(/match conditions of webhooks are/)
  expect(said).not.toMatch(/Where several policies|walk long lists/)
})

/** Of all requests nearly all are refused, beside so many ClusterRoleBindings. */
const requests = (bindings: number): Pages => ({
  'authorization_attempts_total{result="allowed"}': [0, 10],
  'authorization_attempts_total{result="no-opinion"}': [0, 9000],
  'apiserver_storage_objects{resource="clusterrolebindings.rbac.authorization.k8s.io"}': [
    bindings,
    bindings,
  ],
})

test('where requests are refused and bindings are few, bindings are not the cause', () => {
  const DECIDES = `k8s.io/kubernetes/plugin/pkg/auth/authorizer/rbac.(*RBACAuthorizer).Authorize; k8s.io/kubernetes/pkg/registry/rbac/validation.appliesTo 300`
  const said = (bindings: number) =>
    saidTo({ rule: 'apiserver.rbac', stacks: DECIDES, pages: requests(bindings) })
  expect(said(50)).toMatch(/Many requests are refused/)
  expect(said(50)).not.toMatch(/bind groups|many ClusterRoleBindings/)
  expect(said(900)).toMatch(/many ClusterRoleBindings/)
})

/** Four hundred calls of a webhook, of which so many fail. */
const calls = (lost: number): Pages => ({
  'apiserver_admission_webhook_admission_duration_seconds_count{name="scan"}': [0, 400],
  'apiserver_admission_webhook_rejection_count{name="scan",error_type="calling_webhook_error"}': [
    0,
    lost,
  ],
})

test('a webhook that nobody serves, and without which nothing is admitted, is named first', () => {
  const CALLS = 'k8s.io/apiserver/pkg/admission/plugin/webhook/generic.(*Webhook).Dispatch 300'
  const said = (lost: number) =>
    saidTo({ rule: 'apiserver.webhook-admission', stacks: CALLS, pages: calls(lost) })
  expect(said(400)).toMatch(/requests are refused/)
  expect(said(400)).not.toMatch(/more than it decides/)
  expect(said(0)).toMatch(/more than it decides/)
})

test('seats whose requests write to slow clients are held by lists, whose flow is looked for first', () => {
  const WRITES = `${FINISH}; golang.org/x/net/http2.(*serverConn).writeDataFromHandler 8`
  const said = ofQueues(seatsOf('teams', 12), `${QUEUED}\n${WRITES}`)
  expect(said).toMatch(/Find the flow[^]*8 of 8 requests with a seat write an answer/)
  expect(said).not.toMatch(/mend that first|nominalConcurrencyShares in/)
})

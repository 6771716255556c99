import { expect, test } from 'vitest'
import { saidTo, type Pages } from '../../said-to-server.ts'

const RBAC = 'k8s.io/kubernetes/plugin/pkg/auth/authorizer/rbac'
const REVIEW = 'k8s.io/kubernetes/pkg/registry/authorization/selfsubjectaccessreview.(*REST).Create'
const POLICY = 'k8s.io/apiserver/pkg/admission/plugin/policy/validating'
const QUEUESET = 'k8s.io/apiserver/pkg/util/flowcontrol/fairqueuing/queueset.(*request)'
const ETCD = 'go.etcd.io/etcd/server/v3'

test('a review for each button is told of one for many, and many RoleBindings of one', () => {
  const said = saidTo({
    rule: 'apiserver.rbac',
    stacks: `${REVIEW}; ${RBAC}.(*RBACAuthorizer).Authorize; ${RBAC}.(*RoleGetter).GetRole 300`,
    pages: {
      'apiserver_storage_objects{resource="rolebindings.rbac.authorization.k8s.io"}': [7, 507],
      'apiserver_storage_objects{resource="clusterrolebindings.rbac.authorization.k8s.io"}': [
        44, 44,
      ],
    },
  })
  expect(said).toMatch(/SelfSubjectRulesReview for each namespace[^]*one Role with all rules/)
  expect(said).not.toMatch(/move per-namespace rights|requests are refused/)
})

const checked = (requests: number): Pages => ({
  'apiserver_admission_controller_admission_duration_seconds_count{name="ValidatingAdmissionPolicy"}':
    [0, requests],
})
const PARAMETERS = `${POLICY}.(*validator).Validate; k8s.io/apiserver/pkg/admission/plugin/cel.newActivation 250
${POLICY}.(*validator).Validate; ${POLICY}.(*wrappedParam).ToUnstructured 50`

test('a policy that is evaluated for each of many parameters is told of one with the list', () => {
  const said = saidTo({ rule: 'apiserver.cel', stacks: PARAMETERS, pages: checked(20) })
  expect(said).toMatch(/one parameter object that holds the whole list/)
  expect(said).not.toMatch(/fewer policies/)
})

test('policies with a parameter each, of which a request costs little', () => {
  const said = saidTo({ rule: 'apiserver.cel', stacks: PARAMETERS, pages: checked(2000) })
  expect(said).toMatch(/fewer policies/)
  expect(said).not.toMatch(/one parameter object/)
})

test('the level that queues is shown among those with more seats', () => {
  const seats = Object.fromEntries(
    ['system', 'node-high', 'workload-high', 'workload-low', 'teams'].map((level, row) => [
      `apiserver_flowcontrol_current_limit_seats{priority_level="${level}"}`,
      [100 - 20 * row, 100 - 20 * row] as const,
    ]),
  )
  const said = saidTo({
    rule: 'apiserver.apf-queue',
    reads: 'goroutine',
    stacks: `${QUEUESET}.Finish; ${QUEUESET}.wait; runtime.selectgo 32`,
    pages: {
      ...seats,
      'apiserver_flowcontrol_current_executing_seats{priority_level="teams"}': [3, 3],
      'apiserver_flowcontrol_request_wait_duration_seconds_sum{flow_schema="teams"}': [0, 400],
      'apiserver_flowcontrol_request_wait_duration_seconds_count{flow_schema="teams"}': [0, 1800],
    },
  })
  expect(said).toMatch(/may have now: teams 20, system 100/)
  expect(said).toMatch(/borrowingLimitPercent/)
  expect(said).not.toMatch(/Seats in use of those/)
})

test('a buffer of writes that no commit empties', () => {
  const said = saidTo({
    rule: 'etcd.readtx-copy',
    component: 'etcd',
    stacks: `${ETCD}/storage/backend.(*backend).ConcurrentReadTx 300`,
  })
  expect(said).toMatch(/--backend-batch-limit \(10000\) were raised/)
  expect(said).not.toMatch(/Upgrade to etcd 3.5/)
})

test('a member whose own heartbeats are late, with a fast disk', () => {
  const said = saidTo({
    rule: 'etcd.leader-changes',
    component: 'etcd',
    reads: 'goroutine',
    stacks: `${ETCD}/etcdserver.(*EtcdServer).processInternalRaftRequestOnce 4`,
    pages: {
      etcd_server_leader_changes_seen_total: [4, 5],
      etcd_server_has_leader: [0, 1],
      etcd_server_heartbeat_send_failures_total: [10, 86],
      etcd_disk_backend_commit_duration_seconds_sum: [1, 1.2],
      etcd_disk_backend_commit_duration_seconds_count: [100, 200],
    },
  })
  expect(said).toMatch(/itself sends heartbeats late[^]*failed to send out heartbeat on time/)
  expect(said).not.toMatch(/outlast them|How long fsyncs take/)
})

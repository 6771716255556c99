import { expect, test } from 'vitest'
import { diagnose } from '../../../diagnosis/index.ts'
import { loadRules } from '../../../judge/index.ts'
import { type Profile, profileFromFolded } from '../../../profile/index.ts'
import { cpuProfile } from '../../diagnosis/make-rule.ts'

const { ruleSet } = await loadRules()

const AS = 'k8s.io/apiserver/pkg'
const UPDATE = `${AS}/endpoints/handlers.UpdateResource.func1; ${AS}/registry/generic/registry.(*Store).Update; ${AS}/storage/etcd3.(*store).GuaranteedUpdate`
const waiting = profileFromFolded(
  `${UPDATE}; go.etcd.io/etcd/client/v3.(*txn).Commit; runtime.selectgo 60\nnet/http.(*conn).serve 300`,
  [{ type: 'goroutine', unit: 'count' }],
)

/** What an API server whose writes wait for etcd is advised, beside the other profiles of the capture. */
function adviceWith(...others: readonly Profile[]): string {
  const inputs = [waiting, ...others].map((profile, row) => ({
    path: `${row}.pb.gz`,
    profile,
    component: 'kube-apiserver',
    kubernetesVersion: 'v1.33.0',
  }))
  const { findings } = diagnose(inputs, ruleSet, { language: 'en' })
  const found = findings.filter(({ rule }) => rule === 'apiserver.etcd-wait')
  return found.flatMap(({ remedy }) => remedy).join('\n')
}

const CONFLICTS = /reports that writers conflict/
const READ_AGAIN = `${UPDATE}; ${AS}/storage/etcd3.(*store).getState; k8s.io/api/core/v1.(*ConfigMap).Unmarshal`

test('writers that conflict are not looked for where the CPU profile shows that none do', () => {
  const advice = adviceWith(cpuProfile('net/http.(*conn).serve 900', 10))
  expect(advice).toContain('Writes are')
  expect(advice).not.toMatch(CONFLICTS)
})

test('they are where no CPU profile was taken, or one of few samples', () => {
  expect(adviceWith()).toMatch(CONFLICTS)
  expect(adviceWith(cpuProfile('net/http.(*conn).serve 50', 10))).toMatch(CONFLICTS)
})

test('they are where the CPU profile shows them', () => {
  const conflicts = cpuProfile(
    `${UPDATE}; ${AS}/storage/etcd3.(*store).updateState 300\n${READ_AGAIN} 80\nnet/http.(*conn).serve 500`,
    10,
  )
  expect(adviceWith(conflicts)).toMatch(CONFLICTS)
})

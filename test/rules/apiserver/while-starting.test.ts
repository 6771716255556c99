import { expect, test } from 'vitest'
import { diagnose } from '../../../diagnosis/index.ts'
import { loadRules } from '../../../judge/index.ts'
import { cpuProfile } from '../../diagnosis/make-rule.ts'

const { ruleSet } = await loadRules()
const AGGREGATED = 'k8s.io/apiserver/pkg/endpoints/discovery/aggregated.(*resourceDiscoveryManager)'
const NODE = 'k8s.io/kubernetes/plugin/pkg/auth/authorizer/node'
const TRAVERSE = 'k8s.io/kubernetes/third_party/forked/gonum/graph/traverse'

// What a process does once as it starts is a hint at most; what it is asked for is no matter of its start.
test.each([
  ['apiserver.discovery', `${AGGREGATED}.calculateAPIGroupsLocked`, 'info'],
  ['apiserver.discovery', `${AGGREGATED}.ServeHTTP`, 'warning'],
  ['apiserver.node-authorizer', `${NODE}.(*Graph).AddPod`, 'info'],
  [
    'apiserver.node-authorizer',
    `${NODE}.(*NodeAuthorizer).hasPathFrom; ${TRAVERSE}.(*VisitingDepthFirst).Walk`,
    'warning',
  ],
])('%s of %s is %s while the server starts', (rule, stack, level) => {
  const profile = cpuProfile(`${stack} 300\nnet/http.(*conn).serve 700`)
  const input = { path: 'cpu.pb.gz', profile, component: 'kube-apiserver', uptimeSeconds: 40 }
  const { findings } = diagnose([input], ruleSet, { language: 'en' })
  expect(findings.find((finding) => finding.rule === rule)?.level).toBe(level)
})

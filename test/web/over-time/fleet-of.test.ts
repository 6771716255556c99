import { expect, test } from 'vitest'
import type { FindingSummary, ProcessSummary } from '../../../api/index.ts'
import { fleetOf } from '../../../web/fleet/fleet-of.ts'

test('clusters and components come by their worst finding, then those that cannot be captured', () => {
  const fleet = fleetOf(
    [finding('b', 'etcd', 'critical'), finding('a', 'kubelet', 'warning')],
    [
      process('a', 'kubelet', 'ok'),
      process('a', 'etcd', 'failing'),
      process('a', 'kube-proxy', 'ok'),
      process('c', 'etcd', 'gone'),
    ],
  )
  expect(fleet.map(({ name, groups }) => [name, groups.map((group) => group.component)])).toEqual([
    ['b', ['etcd']],
    ['a', ['kubelet', 'etcd', 'kube-proxy']],
  ])
})

test('a component without findings is quiet only when something of it was captured', () => {
  const judged = fleetOf([], [{ ...process('a', 'etcd', 'ok'), lastSuccessAt: AT }])
  expect(judged[0]?.groups[0]).toMatchObject({ isJudged: true, findings: [] })
  expect(fleetOf([], [process('a', 'etcd', 'unknown')])[0]?.groups[0]?.isJudged).toBe(false)
})

const AT = '2026-01-02T03:04:05.000Z'

function process(
  cluster: string,
  component: string,
  state: ProcessSummary['state'],
): ProcessSummary {
  return {
    key: `${cluster}/${component}`,
    target: component,
    component,
    instance: null,
    cluster,
    via: 'direct',
    state,
    isCapturing: false,
    failureCount: 0,
    lastCapture: null,
    lastSuccessAt: null,
    error: null,
    nextRun: null,
    seenAt: AT,
    note: null,
  }
}

function finding(
  cluster: string,
  component: string,
  level: FindingSummary['level'],
): FindingSummary {
  const seen = { captureId: null, profileId: null, at: AT }
  return {
    id: `${cluster}${component}`,
    rule: 'x.y',
    group: null,
    state: 'open',
    level,
    worstLevel: level,
    title: 'T',
    profile: 'cpu',
    value: 1,
    unit: 'count',
    share: 1,
    cores: null,
    count: 1,
    cluster,
    component,
    target: null,
    instance: null,
    firstSeenAt: AT,
    lastSeenAt: AT,
    openedAt: AT,
    resolvedAt: null,
    seenCount: 1,
    returnCount: 0,
    openedBy: seen,
    latest: seen,
    frames: [],
    acknowledgedAt: null,
    acknowledgedBy: null,
    note: null,
    mutedUntil: null,
    mutedBy: null,
  }
}

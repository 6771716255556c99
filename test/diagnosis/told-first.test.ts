import { describe, expect, test } from 'vitest'
import { diagnose } from '../../diagnosis/index.ts'
import { loadRules } from '../../judge/index.ts'
import { profileFromFolded } from '../../profile/index.ts'
import { cpuProfile, makeRules, reportOn } from './make-rule.ts'

const build = {
  id: 'test.build',
  components: ['*'],
  where: { any: ['main.build'] },
  levels: { info: 'lo >= 0.05' },
}
const rulesOf = (report: { readonly findings: readonly { readonly rule: string }[] }) =>
  report.findings.map(({ rule }) => rule)

describe('a large share of very little CPU', () => {
  const rules = makeRules(build)

  test('is no finding below two hundredths of a core', () => {
    expect(rulesOf(reportOn(cpuProfile('main.build 57\nmain.serve 10', 30), rules))).toEqual([])
  })

  test('is one of a rule for a component', () => {
    const own = makeRules({ ...build, components: ['shop'] })
    const profile = cpuProfile('main.build 57\nmain.serve 10', 30)
    const inputs = [{ path: 'cpu.pb.gz', profile, component: 'shop' }]
    expect(rulesOf(diagnose(inputs, own, { language: 'en' }))).toEqual(['test.build'])
  })

  test('is one from there on', () => {
    const report = reportOn(cpuProfile('main.build 63\nmain.serve 10', 30), rules)
    expect(rulesOf(report)).toEqual(['test.build'])
  })
})

test('what is around a process is told after what it does itself, though it is more', () => {
  const machine = { ...build, id: 'test.around', around: true, where: { any: ['main.serve'] } }
  const report = reportOn(cpuProfile('main.build 200\nmain.serve 800'), makeRules(build, machine))
  expect(rulesOf(report)).toEqual(['test.build', 'test.around'])
})

describe('goroutines that wait for a lock', () => {
  const ofGoroutines = { reads: 'goroutine', components: ['*'] }
  const rules = makeRules(
    {
      ...ofGoroutines,
      id: 'test.lock',
      measures: { wait: { lock: { any: ['sync.(*Mutex).Lock'] } } },
      levels: { info: 'wait.count >= 5' },
    },
    {
      ...ofGoroutines,
      id: 'test.limit',
      where: { any: ['main.limit'] },
      levels: { info: 'count >= 1' },
    },
  )
  const found = (limited: string) => {
    const stacks = `main.(*store).get; sync.(*Mutex).Lock 40\n${limited}`
    const profile = profileFromFolded(stacks, { type: 'goroutine', unit: 'count' })
    return rulesOf(diagnose([{ path: 'goroutine.pb.gz', profile }], rules, { language: 'en' }))
  }

  test('are told after what the holder of the lock waits for', () => {
    expect(found('main.(*store).get; main.limit 1')).toEqual(['test.limit', 'test.lock'])
  })

  test('come first where that is of somebody else', () => {
    expect(found('main.serve; main.limit 1')).toEqual(['test.lock', 'test.limit'])
  })
})

describe('memory that a leak of goroutines holds', async () => {
  const { ruleSet } = await loadRules()
  const found = (heap: string) => {
    const goroutines = profileFromFolded(
      'k8s.io/apimachinery/pkg/watch.(*Broadcaster).loop; runtime.chanrecv2 3000\nmain.main 20',
      { type: 'goroutine', unit: 'count' },
    )
    const memory = profileFromFolded(heap, { type: 'inuse_space', unit: 'bytes' })
    const inputs = [
      { path: 'goroutine', profile: goroutines, component: 'my-agent' },
      { path: 'heap', profile: memory, component: 'my-agent' },
    ]
    return rulesOf(diagnose(inputs, ruleSet, { language: 'en' }))
  }

  test('is told with it', () => {
    const heap =
      'main.look; k8s.io/client-go/tools/record.NewBroadcaster; k8s.io/apimachinery/pkg/watch.NewLongQueueBroadcaster 900000000\nmain.main 9000000'
    expect(found(heap)).toEqual(['client.event-broadcaster-leak'])
  })

  test('is a finding of its own where it is held elsewhere', () => {
    expect(found('main.look; main.(*cache).put 900000000\nmain.main 9000000')).toEqual([
      'client.event-broadcaster-leak',
      'runtime.memory-in-one-place',
    ])
  })
})

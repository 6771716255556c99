import { describe, expect, test } from 'vitest'
import type { Report } from '../../api/index.ts'
import { diagnose, type RuleSet } from '../../diagnosis/index.ts'
import { type Profile, profileFromFolded } from '../../profile/index.ts'
import { cpuProfile, makeRules } from './make-rule.ts'

const cpu = { reads: 'cpu', components: ['*'] }
const levels = { info: 'lo >= 0.05', warning: 'lo >= 0.15 and cores >= 0.2' }

function reportOf(
  profile: Profile,
  rules: RuleSet,
  input: { readonly uptimeSeconds?: number } = {},
): Report {
  return diagnose([{ path: 'cpu.pb.gz', profile, ...input }], rules, { language: 'en' })
}

function foldedBy({ findings }: Report) {
  return findings.map(({ rule, level, also }) => [rule, level, ...also.map((each) => each.rule)])
}

const assists = 'runtime.mallocgc; runtime.gcAssistAlloc'

describe("the collector's work", () => {
  const rules = makeRules(
    { ...cpu, id: 'test.build', where: { any: ['main.build'] }, levels },
    {
      ...cpu,
      id: 'test.collect',
      generic: true,
      measures: { paid: { classes: 'gc.paid' } },
      levels: { info: 'lo >= 0.05', warning: 'lo >= 0.25 and cores >= 0.2' },
    },
  )

  test('is folded into the cause of the assists, though marking runs in the background', () => {
    const profile = cpuProfile(
      `main.build 300\nmain.build; ${assists} 80\nmain.serve; ${assists} 20\nruntime.gcBgMarkWorker 250\nmain.serve 350`,
    )
    expect(foldedBy(reportOf(profile, rules))).toEqual([['test.build', 'warning', 'test.collect']])
  })

  test('makes a cause as severe as it is itself', () => {
    const profile = cpuProfile(
      `main.build 50\nmain.build; ${assists} 80\nmain.serve; ${assists} 10\nruntime.gcBgMarkWorker 300\nmain.serve 560`,
    )
    expect(foldedBy(reportOf(profile, rules))).toEqual([['test.build', 'warning', 'test.collect']])
  })

  test('is a separate finding where next to nothing of it shows who causes it', () => {
    const profile = cpuProfile(
      `main.build 150\nmain.build; ${assists} 10\nruntime.gcBgMarkWorker 400\nmain.serve 440`,
    )
    expect(foldedBy(reportOf(profile, rules))).toEqual([
      ['test.collect', 'warning'],
      ['test.build', 'info'],
    ])
  })

  test('is a separate finding if most assists are of others, after a cause of its level', () => {
    const profile = cpuProfile(
      `main.build 300\nmain.build; ${assists} 20\nmain.serve; ${assists} 80\nruntime.gcBgMarkWorker 250\nmain.serve 350`,
    )
    expect(foldedBy(reportOf(profile, rules))).toEqual([
      ['test.build', 'warning'],
      ['test.collect', 'warning'],
    ])
  })
})

describe('a cause that is normal while a process starts', () => {
  const rules = makeRules(
    {
      ...cpu,
      id: 'test.start',
      normalAtStart: true,
      where: { any: ['main.start'] },
      explains: ['test.copy'],
      levels,
    },
    { ...cpu, id: 'test.copy', where: { any: ['main.copy'] }, levels },
  )
  const profile = cpuProfile('main.start 300\nmain.start; main.copy 300\nmain.serve 400')

  test('still explains its effects at a lowered level, and lowers theirs', () => {
    const { findings } = reportOf(profile, rules, { uptimeSeconds: 40 })
    expect(findings.map(({ rule, level }) => [rule, level])).toEqual([['test.start', 'info']])
    expect(findings[0]?.also.map(({ rule, level }) => [rule, level])).toEqual([
      ['test.copy', 'info'],
    ])
  })

  test('is as severe as it is later', () => {
    expect(foldedBy(reportOf(profile, rules, { uptimeSeconds: 4000 }))).toEqual([
      ['test.start', 'warning', 'test.copy'],
    ])
  })
})

describe('a cause whose lower bound just misses', () => {
  const likely = {
    ...cpu,
    id: 'test.cause',
    where: { any: ['main.cause'] },
    explains: ['test.effect'],
    levels: { info: 'lo >= 0.16' },
  }
  const effect = { ...cpu, id: 'test.effect', where: { any: ['main.effect'] }, levels }
  const profile = cpuProfile('main.cause; main.effect 90\nmain.cause 9\nmain.serve 404', 10)

  test('explains the certain effect', () => {
    expect(foldedBy(reportOf(profile, makeRules(likely, effect)))).toEqual([
      ['test.cause', 'info', 'test.effect'],
    ])
  })

  test('is not reported if it explains nothing', () => {
    expect(foldedBy(reportOf(profile, makeRules(likely)))).toEqual([])
  })

  test('is not reported if its share misses as well', () => {
    const less = cpuProfile('main.cause; main.effect 60\nmain.cause 9\nmain.serve 434', 10)
    expect(foldedBy(reportOf(less, makeRules(likely, effect)))).toEqual([['test.effect', 'info']])
  })
})

describe('goroutines that a rule only counts', () => {
  const rules = makeRules(
    { ...cpu, id: 'test.build', where: { any: ['main.build'] }, levels },
    {
      id: 'test.busy',
      reads: 'goroutine',
      generic: true,
      where: { any: ['main.work'] },
      levels: { warning: 'count >= 3' },
    },
  )
  const reportWith = (stacks: string, elsewhere = 0) => {
    const others = `main.work; main.read ${elsewhere}\nmain.serve ${700 - elsewhere}`
    const profile = cpuProfile(`main.work; main.build 300\n${others}`)
    const goroutines = profileFromFolded(stacks, { type: 'goroutine', unit: 'count' })
    const inputs = [
      { path: 'cpu.pb.gz', profile },
      { path: 'goroutine.pb.gz', profile: goroutines },
    ]
    return foldedBy(diagnose(inputs, rules, { language: 'en' }))
  }

  test('are explained by CPU time of the stacks that most of them stand in', () => {
    expect(reportWith('main.work; main.build 2\nmain.work; main.read 1')).toEqual([
      ['test.build', 'warning', 'test.busy'],
    ])
  })

  test('are a finding of their own where most of their CPU time goes elsewhere', () => {
    expect(reportWith('main.work; main.build 3', 400)).toEqual([
      ['test.build', 'warning'],
      ['test.busy', 'warning'],
    ])
  })

  test('are a finding of their own where most stand elsewhere', () => {
    expect(reportWith('main.work; main.build 1\nmain.work; main.read 2')).toEqual([
      ['test.build', 'warning'],
      ['test.busy', 'warning'],
    ])
  })
})

/** The order of a cause of lists and of what it explains, of which so much is in lists and elsewhere. */
function orderOf(inLists: number, elsewhere: number, ofMaps: object): readonly string[] {
  const names = { id: 'test.list', explains: ['test.maps'] }
  const rules = makeRules(
    { ...cpu, ...names, where: { any: ['main.list'] }, levels: { info: 'lo >= 0.05' } },
    { ...cpu, id: 'test.maps', where: { any: ['main.maps'] }, levels: ofMaps },
  )
  const stacks = `main.list; main.maps ${inLists}\nmain.maps ${elsewhere}\nmain.serve 300`
  return reportOf(cpuProfile(stacks), rules).findings.map(({ rule }) => rule)
}

test('what explains half of a finding comes before it where both have one level', () => {
  const [info, warning] = [{ info: 'lo >= 0.05' }, { warning: 'lo >= 0.05' }]
  expect(orderOf(300, 200, info)).toEqual(['test.list', 'test.maps'])
  expect(orderOf(200, 300, info)).toEqual(['test.maps', 'test.list'])
  expect(orderOf(300, 200, warning)).toEqual(['test.maps', 'test.list'])
})

test('findings since the start come after those of the present', () => {
  const rules = makeRules(
    {
      id: 'test.allocated',
      reads: 'alloc_space',
      where: { any: ['main.list'] },
      levels: { info: 'share >= 0.15' },
    },
    { ...cpu, id: 'test.now', where: { any: ['main.now'] }, levels: { info: 'lo >= 0.05' } },
  )
  const heap = profileFromFolded('main.list 900\nmain.serve 100', {
    type: 'alloc_space',
    unit: 'bytes',
  })
  const report = diagnose(
    [
      { path: 'allocs.pb.gz', profile: heap },
      { path: 'cpu.pb.gz', profile: cpuProfile('main.now 100\nmain.serve 900') },
    ],
    rules,
    { language: 'en' },
  )
  expect(foldedBy(report)).toEqual([
    ['test.now', 'info'],
    ['test.allocated', 'info'],
  ])
})

test('goroutines that a rule explains are not reported as a leak as well', () => {
  const rules = makeRules(
    {
      id: 'test.known',
      reads: 'goroutine',
      where: { any: ['main.wait'] },
      levels: { warning: 'count >= 50' },
    },
    {
      id: 'test.many',
      reads: 'goroutine',
      generic: true,
      measures: { stack: { largest: { none: ['main.other'] } } },
      levels: { warning: 'count >= 1000' },
    },
  )
  const findingsOf = (folded: string) => {
    const profile = profileFromFolded(folded, { type: 'goroutine', unit: 'count' })
    return foldedBy(diagnose([{ path: 'g', profile }], rules, { language: 'en' }))
  }
  expect(findingsOf('main.wait; runtime.gopark 2000\nmain.main 10')).toEqual([
    ['test.known', 'warning', 'test.many'],
  ])
  expect(findingsOf('main.unknown; runtime.gopark 2000\nmain.wait 60')).toEqual([
    ['test.known', 'warning'],
    ['test.many', 'warning'],
  ])
})

import { describe, expect, test } from 'vitest'
import { diagnose } from '../../diagnosis/index.ts'
import { profileFromFolded } from '../../profile/index.ts'
import { cpuProfile, findingOn, makeRules, reportOn } from './make-rule.ts'
import { itemOf } from '../item-of.ts'

const GC_STACKS = `
runtime.gcBgMarkWorker; runtime.systemstack; runtime.gcBgMarkWorker.func2; runtime.gcDrainMarkWorkerIdle; runtime.gcDrain 100
runtime.gcBgMarkWorker; runtime.systemstack; runtime.gcBgMarkWorker.func2; runtime.gcDrainMarkWorkerDedicated; runtime.gcDrain 80
main.work; runtime.growslice; runtime.mallocgc; runtime.deductAssistCredit; runtime.gcAssistAlloc; runtime.gcDrainN; runtime.scanobject 60
main.work; runtime.mallocgc; runtime.(*mcache).refill; runtime.(*sweepLocked).sweep 40
main.work; gcWriteBarrier; runtime.wbBufFlush 20
main.work; runtime.newobject; runtime.mallocgc 100
runtime.mcall; runtime.park_m; runtime.schedule; runtime.findRunnable 50
main.work 550
`

test('the GC account counts each sample once, by who asked for the work', () => {
  const { gc } = reportOn(cpuProfile(GC_STACKS), makeRules())
  expect(gc).toMatchObject({
    paidShare: expect.closeTo(0.2),
    idleShare: expect.closeTo(0.1),
    allocShare: expect.closeTo(0.1),
    naiveShare: expect.closeTo(0.18),
    cores: 1,
  })
  expect(gc?.classes.find(({ name }) => name === 'gc.assist')?.share).toBeCloseTo(0.06)
})

describe('one cause is reported once', () => {
  const specific = { id: 'x.specific', where: { any: ['a'] }, explains: ['x.general'] }
  const general = { id: 'x.general', where: { any: ['b'] }, levels: { info: 'lo > 0' } }

  test('when the specific rule covers what the general one found', () => {
    const rules = makeRules({ ...specific, levels: { info: 'lo > 0' } }, general)
    const { findings } = reportOn(cpuProfile('a; b 900\nc; b 100'), rules)
    expect(findings.map(({ rule, also }) => [rule, also.map((folded) => folded.rule)])).toEqual([
      ['x.specific', ['x.general']],
    ])
  })

  test('not when most of it is elsewhere', () => {
    const rules = makeRules({ ...specific, levels: { info: 'lo > 0' } }, general)
    const { findings } = reportOn(cpuProfile('a; b 300\nc; b 700'), rules)
    expect(findings).toHaveLength(2)
  })

  test('not when the general one is the more severe', () => {
    const rules = makeRules(
      { ...specific, levels: { info: 'lo > 0' } },
      { ...general, levels: { critical: 'lo > 0' } },
    )
    const { findings } = reportOn(cpuProfile('a; b 900\nc; b 100'), rules)
    expect(findings.map(({ rule }) => rule)).toEqual(['x.general', 'x.specific'])
  })

  test('when two profiles of the process show it', () => {
    const rules = makeRules({
      where: { any: ['a'] },
      levels: { info: 'lo > 0' },
      also: [{ reads: 'goroutine', where: { any: ['a'] }, levels: { warning: 'count > 5' } }],
    })
    const goroutines = profileFromFolded('a 10', { type: 'goroutine', unit: 'count' })
    const { findings } = diagnose(
      [
        { path: 'cpu', profile: cpuProfile('a 500') },
        { path: 'goroutine', profile: goroutines },
      ],
      rules,
      { language: 'en' },
    )
    expect(findings.map(({ level, profile }) => [level, profile])).toEqual([
      ['warning', 'goroutine'],
    ])
    expect(itemOf(findings).also.map(({ level, profile }) => [level, profile])).toEqual([
      ['info', 'cpu'],
    ])
  })
})

describe('evidence', () => {
  const rules = makeRules({ where: { any: ['a // b'] }, levels: { info: 'lo > 0' } })

  test('is the hottest path to where the match spreads out', () => {
    const finding = findingOn(cpuProfile('r; a; x; b; c; d 400\nr; a; x; b; c; e 390'), rules)
    const [stack] = finding?.evidence.filter(({ kind }) => kind === 'stack') ?? []
    expect(stack?.stack).toEqual(['r', 'a', 'x', 'b', 'c', 'd'])
    expect(stack?.matched).toEqual([1, 3])
    expect(finding?.frames).toEqual(['b'])
  })

  test('says which frames are inferred because Go had cut the stack', () => {
    const deep = Array.from({ length: 62 }, (_, depth) => `f${depth}`).join('; ')
    const whole = `root; entry; ${deep}`
    const cut = `${deep}; a; b`
    const finding = findingOn(cpuProfile(`${whole} 500\n${cut} 400`), rules)
    const [stack] = finding?.evidence.filter(({ kind }) => kind === 'stack') ?? []
    expect(stack?.stack?.slice(0, 3)).toEqual(['root', 'entry', 'f0'])
    expect(stack?.inferred).toBe(2)
  })

  test('names the kinds of object that typed functions worked on', () => {
    const kinds = makeRules({
      where: { any: ['a'] },
      levels: { info: 'lo > 0' },
      kinds: '$objects',
    })
    const finding = findingOn(
      cpuProfile(
        'a; k8s.io/api/core/v1.(*Pod).Unmarshal; k8s.io/api/core/v1.(*PodSpec).Unmarshal 600\na 400',
      ),
      kinds,
    )
    expect(finding?.evidence.find(({ kind }) => kind === 'kinds')?.text).toBe(
      'Objects seen: core/v1.Pod 60%',
    )
  })
})

test('a rule with "by" judges each group apart', () => {
  const rules = makeRules({
    reads: 'goroutine',
    by: 'ctl/([a-z]+)\\.',
    measures: { busy: { where: { any: ['ctl/*'] } }, idle: { where: { any: ['ctl/* // get'] } } },
    levels: { warning: 'busy.count >= 3 and idle.count == 0' },
  })
  const profile = profileFromFolded('ctl/pods.F; get 5\nctl/jobs.F; work 4\nother 100', {
    type: 'goroutine',
    unit: 'count',
  })
  const { findings } = reportOn(profile, rules)
  expect(findings.map(({ group, value }) => [group, value])).toEqual([['jobs', 4]])
})

test('what the taking of the profile costs is left out', () => {
  const rules = makeRules({ where: { any: ['a'] }, levels: { info: 'lo > 0' } })
  const finding = findingOn(
    cpuProfile('a 300\nb 300\nnet/http/pprof.Profile; runtime/pprof.StartCPUProfile; a 400'),
    rules,
  )
  expect(finding?.share).toBe(0.5)
})

describe('notes', () => {
  const rules = makeRules()
  const codesOf = (path: string, text: string, types: Parameters<typeof profileFromFolded>[1]) =>
    diagnose([{ path, profile: profileFromFolded(text, types) }], rules, {
      language: 'en',
    }).notes.map(({ code }) => code)
  const waits = [
    { type: 'contentions', unit: 'count' },
    { type: 'delay', unit: 'nanoseconds' },
  ]

  test('an empty mutex profile means that the profile is off', () => {
    expect(codesOf('mutex.pb.gz', '', waits)).toEqual(['mutex_not_enabled'])
    expect(codesOf('block.pb.gz', '', waits)).toEqual(['block_not_enabled'])
  })

  test('a profile of unknown sample types is not judged', () => {
    const codes = codesOf('x', 'a 1', { type: 'apples', unit: 'count' })
    expect(codes).toContain('type_not_judged')
  })

  test('texts are in the language that was asked for', () => {
    const profile = profileFromFolded('', waits)
    const { language, notes } = diagnose([{ path: 'mutex', profile }], rules, { language: 'zh' })
    expect(language).toBe('zh')
    expect(notes[0]?.text).toMatch(/未启用/)
  })
})

test('names like __proto__ and constructor are names', () => {
  const rules = makeRules({
    where: { any: ['__proto__ // constructor'] },
    levels: { info: 'lo > 0' },
  })
  expect(findingOn(cpuProfile('__proto__; constructor 200'), rules)?.frames).toEqual([
    'constructor',
  ])
})

import { expect, test } from 'vitest'
import type { Finding } from '../../api/index.ts'
import { diagnose } from '../../diagnosis/index.ts'
import { decodeTextDump, type Profile, profileFromFolded } from '../../profile/index.ts'
import { makeRule } from './make-rule.ts'

function findingOf(rule: Readonly<Record<string, unknown>>, profile: Profile): Finding | null {
  const { ruleSet } = makeRule(rule)
  const inputs = [{ path: 'goroutine.pb.gz', profile }]
  return diagnose(inputs, ruleSet, { language: 'en' }).findings[0] ?? null
}

function goroutines(folded: string): Profile {
  return profileFromFolded(folded, [{ type: 'goroutine', unit: 'count' }])
}

function dumped(text: string): Profile {
  const profile = decodeTextDump(new TextEncoder().encode(text))
  if (profile === null) throw new Error('no dump')
  return profile
}

const together = {
  reads: 'goroutine',
  measures: { leak: { together: { none: ['main.known'] } } },
  levels: { warning: 'leak.stacks >= 2 and leak.count >= 100' },
}

test('stacks with nearly the same count are one group', () => {
  const finding = findingOf(
    together,
    goroutines('main.a 1000\nmain.b 990\nmain.c 930\nmain.d 500\nmain.main 1'),
  )
  expect(finding?.count).toBe(2920)
})

test('one stack is not a group, and stacks that the rule leaves out are in no group', () => {
  expect(findingOf(together, goroutines('main.a 1000\nmain.b 500'))).toBeNull()
  expect(findingOf(together, goroutines('main.a 1000\nmain.known 1000'))).toBeNull()
})

test('a few goroutines at each of many places are not a group', () => {
  const few = Array.from({ length: 30 }, (_, row) => `main.f${row} 10`).join('\n')
  expect(findingOf(together, goroutines(few))).toBeNull()
})

const lock = {
  reads: 'goroutine',
  title: { en: '{group}', zh: '锁' },
  measures: { wait: { lock: { any: ['$lockwait'] } } },
  levels: { info: 'wait.count >= 10', warning: 'wait.minutes >= 5' },
}

test('conditions may ask whether somebody holds the lock that others wait for, and what that does', () => {
  const remedy = [
    { when: 'total.held >= 1', en: 'Held by {total.held}. Costs: none.', zh: '持有' },
    { when: 'calls.held >= 1', en: 'It calls. Costs: none.', zh: '请求' },
    { when: 'total.held < 1', en: 'Nobody. Costs: none.', zh: '无' },
  ]
  const measures = { ...lock.measures, calls: { where: { any: ['net/http.(*Client).do'] } } }
  const adviceOn = (others: string) =>
    findingOf(
      { ...lock, measures, remedy },
      goroutines(`main.serve;x.io/p.(*Cache).Get;sync.(*Mutex).Lock 30\n${others}`),
    )?.remedy.map((text) => text.replace(' Costs: none.', ''))
  expect(adviceOn('main.a;net/http.(*Client).do 3')).toEqual(['Nobody.'])
  expect(adviceOn('main.serve;x.io/p.(*Cache).Get;os.(*File).Sync 1')).toEqual(['Held by 1.'])
  expect(adviceOn('main.sync;x.io/p.(*Cache).Put;net/http.(*Client).do 2')).toEqual([
    'Held by 2.',
    'It calls.',
  ])
})

test('those that wait for the lock of one type are found, with who is past it', () => {
  const finding = findingOf(
    lock,
    goroutines(
      [
        'main.serve;x.io/p.(*Cache).Get;sync.(*RWMutex).RLock;sync.runtime_SemacquireRWMutexR 30',
        'main.sync;x.io/p.(*Cache).Put.func1;sync.(*Mutex).Lock 8',
        'main.other;sync.(*Mutex).Lock 20',
        'main.sync;x.io/p.(*Cache).Put;x.io/p.write;os.(*File).Sync 1',
        'main.idle 400',
      ].join('\n'),
    ),
  )
  expect(finding).toMatchObject({ title: 'x.io/p.(*Cache)', count: 38, level: 'info' })
  const texts = finding?.evidence.map(({ text }) => text) ?? []
  expect(texts).toContain('They ask for it in: x.io/p.(*Cache).Get 30, x.io/p.(*Cache).Put 8')
  expect(texts).toContain(
    'May hold it: 1 goroutine past it in os.(*File).Sync < x.io/p.write < x.io/p.(*Cache).Put',
  )
})

function evidenceOf(stacks: string): string {
  const evidence = findingOf(lock, goroutines(`${stacks}\nmain.idle 40`))?.evidence ?? []
  return evidence.map(({ text }) => text).join('\n')
}

test('a lock that one asks for below a method that may hold it already', () => {
  const readers = 'main.serve;x.io/p.(*Cache).Get;sync.(*RWMutex).RLock'
  const report = 'main.tick;x.io/p.(*Cache).Report;x.io/p.(*Cache).Get;sync.(*RWMutex).RLock'
  expect(evidenceOf(`${readers} 30\n${report} 1`)).toContain(
    '1 of them asks for it below x.io/p.(*Cache).Report, which may hold it already',
  )
  // A method that most come through passes on what it is asked for.
  expect(evidenceOf(`${readers} 5\n${report} 30`)).toContain('No goroutine here')
})

test('a lock whose holder is not in the profile is reported as such', () => {
  const finding = findingOf(lock, goroutines('main.a;sync.(*Mutex).Lock 30\nmain.b 3'))
  expect(finding?.evidence.map(({ text }) => text).join()).toContain('No goroutine here')
})

const WAITING = [
  'goroutine 7 [sync.Mutex.Lock, 12 minutes]:',
  'sync.(*Mutex).Lock(...)',
  '\t/go/src/sync/mutex.go:46',
  'main.work(0xc000010000)',
  '\t/src/main.go:9 +0x1d',
  '',
].join('\n')

test('a dump shows how long they wait', () => {
  expect(findingOf(lock, dumped(WAITING))?.level).toBe('warning')
  expect(findingOf(lock, dumped(WAITING.replace('12', '2')))).toBeNull()
})

function dumpOf(...states: readonly string[]): Profile {
  const blocks = states.map(
    (state, row) => `goroutine ${row + 7} [${state}]:\nmain.work()\n\t/src/main.go:9 +0x1d\n`,
  )
  return dumped(blocks.join('\n'))
}

test('patterns of channel waits fit dumps, which leave out frames of the runtime', () => {
  const send = {
    reads: 'goroutine',
    where: { any: ['main.work // runtime.chansend'] },
    levels: { warning: 'count >= 1' },
  }
  expect(findingOf(send, dumpOf('chan send'))?.level).toBe('warning')
  expect(findingOf(send, dumpOf('chan send (nil chan), 3 minutes'))?.level).toBe('warning')
  expect(findingOf(send, dumpOf('select'))).toBeNull()
})

test('goroutines that Go proved to be leaked are counted apart, in dumps and in profiles', () => {
  const leak = {
    reads: 'goroutineleak',
    where: { any: ['main.work'] },
    levels: { warning: 'count >= 1' },
  }
  expect(findingOf(leak, dumpOf('chan send (leaked), 3 minutes', 'chan send'))?.count).toBe(1)
  expect(findingOf(leak, dumpOf('chan send'))).toBeNull()
  const profile = profileFromFolded('main.work 4', [{ type: 'goroutineleak', unit: 'count' }])
  expect(findingOf(leak, profile)?.count).toBe(4)
})

const place = {
  reads: 'inuse_space',
  title: { en: '{group}', zh: '处' },
  measures: { held: { place: { none: ['main.known'] } } },
  levels: { warning: 'held.share >= 0.5' },
}

function heap(folded: string): Profile {
  return profileFromFolded(folded, [{ type: 'inuse_space', unit: 'bytes' }])
}

test('the place that holds most is the function nearest to the leaves', () => {
  const finding = findingOf(
    place,
    heap(
      'main.main;main.handle;main.(*C).Put;runtime.mapassign 600\n' +
        'main.main;main.handle;main.(*C).Put;main.clone;bytes.Clone 300\nmain.main;main.other 100',
    ),
  )
  expect(finding).toMatchObject({ title: 'main.(*C).Put', value: 900 })
})

test('where the program begins is the place of what it allocates itself', () => {
  const own = heap('main.main;runtime.mallocgc 600\nmain.main;main.a 400')
  expect(findingOf(place, own)).toMatchObject({ title: 'main.main', value: 600 })
})

test('memory held at many places has no place', () => {
  expect(
    findingOf(place, heap('main.main;main.a 400\nmain.main;main.b 400\nmain.c 400')),
  ).toBeNull()
})

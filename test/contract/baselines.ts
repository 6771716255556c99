import { describe, expect, test } from 'vitest'
import type {
  ClaimedJudgement,
  MeasuredLevels,
  SeenFinding,
  Store,
  StoredBaseline,
} from '../../store/index.ts'
import { uploadCapture } from '../store/upload-capture.ts'
import { REQUEST, resultWith } from './judged-captures.ts'
import type { Clock } from './store.ts'

const HOUR_MS = 3600 * 1000
const DAY_MS = 24 * HOUR_MS
const UNREADABLE = {
  code: 'PROFILE_INVALID',
  message: 'No.',
  reason: null,
  offsetBytes: null,
} as const
const USUAL = { cores: 0.1, noise: 0.01, sinceMs: 1000, version: null }

/** What every store promises of what is normal for a process. `open` gives an empty one on this clock. */
export function describeBaselines(name: string, open: (clock: Clock) => Promise<Store>): void {
  const openNow = () => open({ nowMs: Date.now() + 60_000 })

  describe(`what is normal for a process, in ${name}`, () => {
    test('a judgement gets what was measured before, of its process alone', async () => {
      const store = await openNow()
      await judged(store, 1000, measured('a', 'v1.31.2'))
      await judged(store, 3000, measured('c'))
      await judged(store, 2000, measured('b'), { instance: 'other' })
      await judged(store, 2500, measured('b', 'v1.31.3'))
      await judged(store, 2600, measured(null))
      expect(levelsOf(await baselineAt(store, 2700))).toEqual(['a', 'b'])
      const { captures } = await baselineAt(store, 4000)
      expect(captures).toMatchObject([
        { atMs: 1000, version: 'v1.31.2', levels: 'a' },
        { atMs: 2500, version: 'v1.31.3', levels: 'b' },
        { atMs: 3000, version: null, levels: 'c' },
      ])
    })

    test('captures become part of their hour once', async () => {
      const store = await openNow()
      await judged(store, 1000, measured('a'))
      await judged(store, 2000, measured('b'))
      const captureIds = (await baselineAt(store, 3000)).captures.map(({ id }) => id)
      const hour = { atMs: 0, version: 'v1.31.2', captureIds }
      const fold = (levels: string) => ({ ...measured(null), hours: [{ ...hour, levels }] })
      await judged(store, HOUR_MS, fold('a+b'))
      await judged(store, HOUR_MS + 1, fold('a+b once more'))
      expect(await baselineAt(store, 2 * HOUR_MS)).toMatchObject({
        captures: [],
        hours: [{ atMs: 0, version: 'v1.31.2', levels: 'a+b' }],
      })
    })

    test('the recent hours come, and those at this time of other days', async () => {
      const store = await openNow()
      const at = 9 * 24
      const seasons = [7, 6, 3].flatMap((day) => [-1, 0, 1].map((hour) => at - day * 24 + hour))
      const others = [at - 5 * 24 - 2, at - 2 * 24 + 2]
      const recent = Array.from({ length: 24 }, (_, hour) => at - 24 + hour)
      const folds = []
      for (const hour of [...seasons, ...others, ...recent]) {
        const atMs = hour * HOUR_MS
        const id = await judged(store, atMs, measured('part'))
        folds.push({ atMs, version: null, levels: String(hour), captureIds: [id] })
      }
      await judged(store, 9 * DAY_MS, { ...measured(null), hours: folds })
      const { hours } = await baselineAt(store, 9 * DAY_MS + 1)
      expect(hours.map(({ levels }) => Number(levels))).toEqual([...seasons, ...recent])
    })

    test('a capture that is deleted by hand leaves it', async () => {
      const store = await openNow()
      const id = await judged(store, 1000, measured('a'))
      await judged(store, 2000, measured('b'))
      await store.captures.remove(id)
      expect(levelsOf(await baselineAt(store, 3000))).toEqual(['b'])
    })

    test('a regression stays with what was normal before it, until it is over', async () => {
      const store = await openNow()
      await judged(store, 2000, measured('a'), { found: [REGRESSION] })
      const open = { name: 'etcd3.GetList', ...USUAL, endedAtMs: null }
      expect((await baselineAt(store, 3000)).open).toEqual([open])
      expect((await baselineAt(store, 1500)).open).toEqual([])
      await judged(store, 4000, measured('a'))
      expect((await baselineAt(store, 5000)).open).toEqual([open])
      await judged(store, 6000, measured('a'))
      // It may return, and captures that had it say nothing of what is normal.
      expect((await baselineAt(store, 5500)).open).toEqual([open])
      expect((await baselineAt(store, 7000)).open).toEqual([{ ...open, endedAtMs: 6000 }])
      expect((await baselineAt(store, 6000 + DAY_MS)).open).toEqual([])
    })

    test('what was measured and judged long ago is forgotten, but for the time of a finding', async () => {
      const store = await openNow()
      const at = (atMs: number, found: Rest['found'] = []) =>
        judged(store, atMs, measured('a'), { found })
      await at(1000)
      await at(2000, [REGRESSION])
      for (const atMs of [3000, 4000, 5000, 6000]) await at(atMs)
      await judged(store, 1500, measured('a'), { instance: 'other' })
      const request = { beforeMs: 5500, limit: 1 }
      const counts = []
      for (let afterSubjectId: string | null = ''; afterSubjectId !== null;) {
        const forgotten = await store.garbage.forgetObserved({ ...request, afterSubjectId })
        afterSubjectId = forgotten.lastSubjectId
        counts.push(forgotten.count)
      }
      // Levels of five captures with the first and the fifth observation; of the other process the levels alone.
      expect(counts.toSorted((a, b) => a - b)).toEqual([0, 1, 7])
      expect((await baselineAt(store, 9000)).captures).toMatchObject([{ atMs: 6000 }])
      // One that arrives late has the finding followed through all that is left.
      await at(2500, [REGRESSION])
      const { items } = await store.findings.list({}, { limit: 2, cursor: null })
      expect(items).toMatchObject([
        { state: 'resolved', firstSeenAtMs: 2000, lastSeenAtMs: 2500, resolvedAtMs: 4000 },
      ])
    })

    test('a regression becomes normal only where someone acknowledged it', async () => {
      const store = await openNow()
      await judged(store, 2000, measured('a'), { found: [REGRESSION] })
      const later = 15 * DAY_MS
      expect((await baselineAt(store, later)).open).toHaveLength(1)
      const [finding] = (await store.findings.list({}, { limit: 1, cursor: null })).items
      const action = { kind: 'acknowledged', actor: null, note: null } as const
      await store.findings.act(finding?.id ?? '', action)
      expect((await baselineAt(store, later)).open).toEqual([])
    })
  })
}

const REGRESSION: SeenFinding = {
  rule: 'x.regression',
  group: 'etcd3.GetList',
  level: 'warning',
  isFolded: false,
  title: { en: 'etcd3.GetList: 0.1 → 0.9 cores', zh: 'etcd3.GetList' },
  profile: 'cpu',
  needs: ['cpu'],
  value: 9e8,
  unit: 'nanoseconds',
  share: 0.5,
  cores: 0.9,
  count: 90,
  frames: [],
  profileId: null,
  usual: USUAL,
}

function measured(levels: string | null, version: string | null = null): MeasuredLevels {
  return { levels, version, hours: [] }
}

interface Rest {
  readonly instance?: string
  readonly found?: readonly SeenFinding[]
}

async function judged(
  store: Store,
  atMs: number,
  levels: MeasuredLevels,
  { instance = 'a', found = [] }: Rest = {},
): Promise<string> {
  const claim = await claimed(store, atMs, instance)
  await store.judgements.complete(claim, resultWith({ types: ['cpu'], findings: found }, levels))
  return claim.id
}

/** As a capture at that time is judged; that is given up again. */
async function baselineAt(store: Store, atMs: number): Promise<StoredBaseline> {
  const claim = await claimed(store, atMs, 'a')
  await store.judgements.fail(claim, { code: 'CAPTURE_FAILED', message: 'No.' })
  if (claim.baseline === null) throw new Error('the process is unknown')
  return claim.baseline
}

let uploadCount = 0

async function claimed(store: Store, atMs: number, instance: string): Promise<ClaimedJudgement> {
  const { capture } = await uploadCapture(store, ['cpu.pb.gz'], {
    target: 'api',
    cluster: 'prod',
    instance,
    startedAtMs: atMs,
    dedupeKey: String(uploadCount++),
  })
  const analysis = await store.analyses.claimNext('normal', REQUEST)
  if (analysis === null) throw new Error('no profile is to be read')
  await store.analyses.fail(analysis, UNREADABLE)
  const claim = await store.judgements.claim(capture.id, REQUEST)
  if (claim === null) throw new Error('the capture is not to be judged')
  return claim
}

function levelsOf({ captures }: StoredBaseline): readonly string[] {
  return captures.map(({ levels }) => levels)
}

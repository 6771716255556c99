import { packReports } from '../../store/blobs.ts'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Level } from '../../api/index.ts'
import { inSpace, type Store, type StoredFinding } from '../../store/index.ts'
import { isThorough } from '../extent.ts'
import { addProfile } from '../store/new-profile.ts'
import { judge, judged, reportIn, REQUEST, RULE, SEEN, uploaded } from './judged-captures.ts'
import type { Clock } from './store.ts'

const PAGE = { limit: 50, cursor: null }
const DAY_MS = 24 * 3600 * 1000

/** What every store promises of findings over time. `open` gives an empty one on this clock. */
export function describeFindings(name: string, open: (clock: Clock) => Promise<Store>): void {
  const openAt = async () => {
    // Uploads are stamped by the real clock, which may be late by seconds on a busy machine.
    const clock = { nowMs: Date.now() + 60_000 }
    return { clock, store: await open(clock) }
  }

  describe(`findings over time, in ${name}`, () => {
    test('one that is found opens, and one that is found no longer is resolved', async () => {
      const { store } = await openAt()
      const first = await judged(store, { atMs: 1000, found: ['warning'] })
      const second = await judged(store, { atMs: 2000, found: ['critical'] })
      expect(await only(store)).toMatchObject({
        rule: RULE,
        state: 'open',
        level: 'critical',
        worstLevel: 'critical',
        cluster: 'prod',
        component: 'kube-apiserver',
        target: 'api',
        instance: 'a',
        title: { en: 'LIST', zh: '列表' },
        firstSeenAtMs: 1000,
        lastSeenAtMs: 2000,
        seenCount: 2,
        openedBy: { captureId: first, atMs: 1000 },
        latest: { captureId: second, atMs: 2000 },
      })
      await judged(store, { atMs: 3000, found: ['info'] })
      const resolved = await only(store)
      expect(resolved).toMatchObject({ state: 'resolved', resolvedAtMs: 3000, lastSeenAtMs: 2000 })
      expect(await kindsOf(store, resolved.id)).toEqual(['resolved', 'worse', 'opened'])
    })

    test('a capture without the profiles that show it resolves nothing', async () => {
      const { store } = await openAt()
      await judged(store, { atMs: 1000, found: ['warning'] })
      await judged(store, { atMs: 2000, found: [], types: ['heap'] })
      expect(await only(store)).toMatchObject({ state: 'open', lastSeenAtMs: 1000 })
    })

    test('its trend has what each capture that could show it found', async () => {
      const { store } = await openAt()
      const first = await judged(store, { atMs: 1000, found: ['warning'] })
      await judged(store, { atMs: 2000, found: [], types: ['heap'] })
      await judged(store, { atMs: 3000, found: [], instance: 'b' })
      const last = await judged(store, { atMs: 4000, found: [] })
      const { id } = await only(store)
      expect(await store.findings.trend(id, 10)).toMatchObject([
        { place: { captureId: first, atMs: 1000 }, seen: { level: 'warning', value: 7 } },
        { place: { captureId: last, atMs: 4000 }, seen: null },
      ])
      expect(await store.findings.trend(id, 1)).toMatchObject([{ place: { atMs: 4000 } }])
      expect(await inSpace(store, 'other').findings.trend(id, 10)).toEqual([])
    })

    test('other processes and other clusters have rows of their own', async () => {
      const { store } = await openAt()
      await judged(store, { atMs: 1000, found: ['warning'] })
      await judged(store, { atMs: 2000, found: ['critical'], instance: 'b' })
      await judged(store, { atMs: 3000, found: [], cluster: 'other' })
      const { items } = await store.findings.list({}, PAGE)
      expect(items.map(({ instance, state }) => [instance, state])).toEqual([
        ['b', 'open'],
        ['a', 'open'],
      ])
      expect((await store.findings.list({ instance: ['a'] }, PAGE)).items).toHaveLength(1)
    })

    test('another space sees none of them, and changes none', async () => {
      const { store } = await openAt()
      await judged(store, { atMs: 1000, found: ['warning'] })
      const { id } = await only(store)
      const { findings } = inSpace(store, 'other')
      expect((await findings.list({}, PAGE)).items).toEqual([])
      expect((await findings.facets({})).rule).toEqual([])
      expect(await findings.find(id)).toBeNull()
      expect(await findings.listEvents(id)).toEqual([])
      expect(await findings.act(id, { kind: 'acknowledged', actor: null, note: null })).toBeNull()
      expect(await only(store)).toMatchObject({ state: 'open', space: 'default' })
    })

    test('one folded into another stays open, and does not open', async () => {
      const { store } = await openAt()
      await judged(store, { atMs: 1000, found: ['warning'], isFolded: true })
      expect((await store.findings.list({}, PAGE)).items).toEqual([])
      await judged(store, { atMs: 2000, found: ['warning'] })
      await judged(store, { atMs: 3000, found: ['warning'], isFolded: true })
      expect(await only(store)).toMatchObject({ state: 'open', firstSeenAtMs: 2000, value: 7 })
    })

    test('a lone profile with a target is followed; one of an unknown process is not', async () => {
      const { store } = await openAt()
      await judgedProfile(store, 'unknown', {})
      expect((await store.findings.list({}, PAGE)).items).toEqual([])
      const profileId = await judgedProfile(store, 'known', { target: 'api', takenAtMs: 500 })
      const finding = await only(store)
      expect(finding.latest).toEqual({ captureId: null, profileId, atMs: 500 })
      await store.profiles.remove(profileId)
      expect((await store.findings.list({}, PAGE)).items).toEqual([])
    })

    test('acknowledged, resolved, returned: it is open again', async () => {
      const { store } = await openAt()
      await judged(store, { atMs: 1000, found: ['warning'] })
      const { id } = await only(store)
      const action = { kind: 'acknowledged', actor: 'ann', note: 'Rolled back.' } as const
      expect(await store.findings.act(id, action)).toMatchObject({
        state: 'acknowledged',
        acknowledgedBy: 'ann',
        note: 'Rolled back.',
      })
      await judged(store, { atMs: laterMs(1), found: ['warning'] })
      expect(await only(store)).toMatchObject({ state: 'acknowledged' })
      await judged(store, { atMs: laterMs(2), found: [] })
      expect(await only(store)).toMatchObject({ state: 'resolved' })
      expect(await store.findings.act(id, action)).toBe('resolved')
      await judged(store, { atMs: laterMs(3), found: ['warning'] })
      expect(await only(store)).toMatchObject({ id, state: 'open', returnCount: 1 })
      expect(await only(store)).toMatchObject({ openedAtMs: laterMs(3), firstSeenAtMs: 1000 })
    })

    test('an acknowledged one that becomes worse is open again', async () => {
      const { store } = await openAt()
      await judged(store, { atMs: 1000, found: ['warning'] })
      const { id } = await only(store)
      await store.findings.act(id, { kind: 'acknowledged', actor: null, note: null })
      await judged(store, { atMs: laterMs(1), found: ['critical'] })
      expect(await only(store)).toMatchObject({ state: 'open', acknowledgedAtMs: null })
    })

    test('a mute ends at its time, and can be taken back', async () => {
      const { store, clock } = await openAt()
      await judged(store, { atMs: 1000, found: ['warning'] })
      const { id } = await only(store)
      const by = { actor: null, note: null }
      await store.findings.act(id, { kind: 'muted', untilMs: clock.nowMs + 1000, ...by })
      expect(await only(store)).toMatchObject({ state: 'muted' })
      expect((await store.findings.list({ state: ['open'] }, PAGE)).items).toEqual([])
      clock.nowMs += 1000
      expect(await only(store)).toMatchObject({ state: 'open' })
      await store.findings.act(id, { kind: 'muted', untilMs: clock.nowMs + 1000, ...by })
      expect(await store.findings.act(id, { kind: 'reopened', ...by })).toMatchObject({
        state: 'open',
      })
      expect(await kindsOf(store, id)).toEqual(['reopened', 'muted', 'muted', 'opened'])
      expect(
        await store.findings.act('01ARZ3NDEKTSV4RRFFQ69G5FAV', { kind: 'reopened', ...by }),
      ).toBeNull()
    })

    test('the worst come first, in pages', async () => {
      const { store } = await openAt()
      const levels = ['warning', 'critical', 'warning', 'critical', 'warning'] as const
      for (const [index, level] of levels.entries()) {
        await judged(store, { atMs: 1000 + index, found: [level], instance: `i${index}` })
      }
      const names: (string | null)[] = []
      let cursor: string | null = null
      do {
        const page = await store.findings.list({}, { limit: 2, cursor })
        names.push(...page.items.map(({ instance }) => instance))
        cursor = page.nextCursor
      } while (cursor !== null)
      expect(names).toEqual(['i3', 'i1', 'i4', 'i2', 'i0'])
      await expect(store.findings.list({}, { limit: 2, cursor: 'x' })).rejects.toMatchObject({
        code: 'REQUEST_INVALID',
      })
    })

    test('a facet counts what matches the other filters', async () => {
      const { store } = await openAt()
      await judged(store, { atMs: 1000, found: ['warning'] })
      await judged(store, { atMs: 1000, found: ['critical'], instance: 'b' })
      await judged(store, { atMs: 1000, found: ['critical'], instance: 'c', cluster: null })
      const facets = await store.findings.facets({ level: ['critical'] })
      expect(facets.level).toEqual([
        { value: 'critical', count: 2 },
        { value: 'warning', count: 1 },
      ])
      expect(facets.cluster).toEqual([
        { value: null, count: 1 },
        { value: 'prod', count: 1 },
      ])
      expect(facets.state).toEqual([{ value: 'open', count: 2 }])
      expect((await store.findings.list({ cluster: [''] }, PAGE)).items).toHaveLength(1)
    })

    test('a deleted capture takes with it what it alone showed', async () => {
      const { store } = await openAt()
      await judged(store, { atMs: 1000, found: ['warning'] })
      const second = await judged(store, { atMs: 2000, found: [] })
      await store.captures.remove(second)
      expect(await only(store)).toMatchObject({ state: 'open', resolvedAtMs: null })
    })

    test('of judgements long ago that say the same one a day is left, and the finding stays as it is', async () => {
      const { store } = await openAt()
      const heap = { found: [], types: ['heap'] } as const
      const [warning, critical, none] = [['warning'], ['critical'], []] as const
      const day = (first: number, captures: readonly (readonly Level[] | typeof heap)[]) =>
        captures.map((one, index) => ({
          atMs: first * DAY_MS + index,
          ...('found' in one ? one : { found: one }),
        }))
      const captures = [
        ...day(0, [warning, heap, warning, heap, warning, heap, warning]),
        ...day(1, [warning, warning, critical, critical, critical, warning, none, none, none]),
        ...day(2, [warning, warning, warning, warning]),
        ...day(3, [warning, warning]),
      ]
      for (const capture of captures) await judged(store, capture)
      const [finding, shape] = [await only(store), await shapeOf(store)]
      const request = { afterSubjectId: '', beforeMs: 3 * DAY_MS, limit: 1 }
      // Of day 0 the first of each kind and the last heap stay, of the others changes and what is beside them.
      expect(await store.garbage.forgetObserved(request)).toMatchObject({ count: 8 })
      expect([await only(store), await shapeOf(store)]).toEqual([finding, shape])
      const trend = await store.findings.trend(finding.id, 50)
      expect(trend.map(({ place }) => place.atMs % DAY_MS)).toEqual([
        0, 0, 1, 2, 4, 5, 6, 8, 0, 3, 0, 1,
      ])
      // One that comes late and goes has the finding followed through what is left.
      const late = await judged(store, { atMs: 3 * DAY_MS - 1, found: [], text: 'late' })
      expect(await only(store)).toMatchObject({ returnCount: 2 })
      await store.captures.remove(late)
      expect([await only(store), await shapeOf(store)]).toEqual([finding, shape])
      expect(await store.garbage.forgetObserved(request)).toMatchObject({ count: 0 })
    })

    test('two workers that judge captures of one process follow both', async () => {
      const { store } = await openAt()
      const ids = []
      for (let atMs = 1; atMs <= 6; atMs++) ids.push(await uploaded(store, { atMs, found: [] }))
      await Promise.all(ids.map((id) => judge(store, id, { atMs: 0, found: ['warning'] })))
      expect(await only(store)).toMatchObject({ seenCount: 6, firstSeenAtMs: 1, lastSeenAtMs: 6 })
    })

    test('late, repeated and deleted captures give the rows that all in order give', async () => {
      const level = fc.constantFrom<Level | null>('warning', 'critical', null)
      await fc.assert(
        fc.asyncProperty(
          fc.array(level, { minLength: 1, maxLength: 6 }),
          fc.infiniteStream(fc.nat()),
          async (levels, numbers) => {
            const captures = levels.map((one, index) => ({
              atMs: 1000 + index,
              found: one === null ? [] : [one],
            }))
            const { store: inOrder } = await openAt()
            for (const capture of captures) await judged(inOrder, capture)
            const { store } = await openAt()
            const shuffled = captures
              .map((capture) => ({ capture, key: numbers.next().value }))
              .toSorted((a, b) => a.key - b.key)
            const extra = await judged(store, { atMs: 1002, found: ['critical'], text: 'extra' })
            for (const { capture } of shuffled) await judged(store, capture)
            await store.captures.remove(extra)
            await judged(store, captures[0] ?? { atMs: 0, found: [] }, 'again')
            expect(await shapeOf(store)).toEqual(await shapeOf(inOrder))
          },
        ),
        { numRuns: isThorough ? 8 : 2 },
      )
    })
  })
}

/** A time after the clocks of these tests. */
function laterMs(count: number): number {
  return 4_000_000_000_000 + count
}

async function judgedProfile(
  store: Store,
  text: string,
  source: { readonly target?: string; readonly takenAtMs?: number },
): Promise<string> {
  const { profile } = await addProfile(store, text, source)
  const claim = await store.analyses.claimNext('normal', REQUEST)
  if (claim === null) throw new Error('no profile is to be read')
  await store.analyses.complete(claim, {
    columns: await store.blobs.put(new TextEncoder().encode('columns')),
    facts: {
      type: 'cpu',
      component: null,
      kubernetesVersion: null,
      goVersion: null,
      takenAtMs: null,
      durationSeconds: null,
      sampleCount: 0,
      sampleTypes: [],
      defaultSampleType: 'cpu',
      warnings: [],
    },
    reports: packReports({ en: reportIn('en'), zh: reportIn('zh') }),
    worstFinding: null,
    findingCount: 1,
    seen: { types: ['cpu'], findings: [SEEN] },
    measured: null,
  })
  return profile.id
}

async function only(store: Store): Promise<StoredFinding> {
  const { items } = await store.findings.list({}, PAGE)
  const [finding] = items
  if (finding === undefined || items.length > 1) throw new Error(`${items.length} findings`)
  return finding
}

async function kindsOf(store: Store, id: string): Promise<readonly string[]> {
  return (await store.findings.listEvents(id)).map(({ kind }) => kind)
}

/** All but ids, which differ between stores. */
async function shapeOf(store: Store) {
  const { items } = await store.findings.list({}, PAGE)
  return Promise.all(
    items.map(async ({ id, openedBy, latest, ...finding }) => {
      const events = await store.findings.listEvents(id)
      const times = [openedBy.atMs, latest.atMs]
      return {
        ...finding,
        times,
        events: events.map(({ atMs, kind, level }) => [atMs, kind, level]),
      }
    }),
  )
}

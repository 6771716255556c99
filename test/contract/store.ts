import { describe, expect, test } from 'vitest'
import type { ProfileFailure, Store } from '../../store/index.ts'
import { addReady, ALL, claimNext, FACTS, REQUEST, resultFor, VERSIONS } from './ready-profiles.ts'
import { testTimeLists } from './time-lists.ts'
import { addProfile } from '../store/new-profile.ts'

const RULES = { backoffMs: [1000, 5000], crashCountMax: 3 }
const FAILURE: ProfileFailure = {
  code: 'PROFILE_INVALID',
  message: 'It is broken.',
  reason: 'varint',
  offsetBytes: 7,
}
/** A clock that a test sets. */
export interface Clock {
  nowMs: number
}

/** What every store promises. `open` gives an empty one on this clock. */
export function describeStore(name: string, open: (clock: Clock) => Promise<Store>): void {
  const openAt = async (nowMs = Date.now()) => {
    // Uploads are stamped by the real clock, which may be late by seconds on a busy machine.
    const clock = { nowMs: nowMs + 60_000 }
    return { clock, store: await open(clock) }
  }

  describe(`profiles in ${name}`, () => {
    test('a new profile is received and waits for its analysis', async () => {
      const { store } = await openAt()
      const { profile, analysisId, isDuplicate } = await addProfile(store, 'a', {
        target: 'api-0',
        labels: [{ name: 'node', value: 'n1' }],
      })
      expect(isDuplicate).toBe(false)
      expect(analysisId).not.toBeNull()
      expect(profile).toMatchObject({ status: 'received', target: 'api-0', sizeBytes: 1 })
      expect(await store.profiles.find(profile.id)).toEqual(profile)
      expect(await store.analyses.backlog()).toMatchObject({ waitingCount: 1 })
    })

    test('the same content of the same source is the profile that is there', async () => {
      const { store } = await openAt()
      const first = await addProfile(store, 'a')
      const second = await addProfile(store, 'a')
      expect(second).toMatchObject({ isDuplicate: true, analysisId: null })
      expect(second.profile.id).toBe(first.profile.id)
      const unknown = await store.garbage.unknownKeys([first.profile.rawBlobKey])
      expect(unknown).toEqual([])
    })

    test('of many at once with the same content one is new', async () => {
      const { store } = await openAt()
      const added = await Promise.all(
        Array.from({ length: 20 }, async () => addProfile(store, 'a')),
      )
      expect(added.filter(({ isDuplicate }) => !isDuplicate)).toHaveLength(1)
    })

    test('a write that fails takes no other of its group along', async () => {
      const { store } = await openAt()
      const label = { name: 'twice', value: 'x' }
      const results = await Promise.allSettled([
        addProfile(store, 'good 1'),
        addProfile(store, 'bad', { labels: [label, label] }),
        addProfile(store, 'good 2'),
      ])
      expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
      const { items } = await store.profiles.list({}, { limit: 10, cursor: null })
      expect(items).toHaveLength(2)
    })

    test('a text that no column of Postgres can hold is refused', async () => {
      const { store } = await openAt()
      const refused = addProfile(store, 'a', { cluster: 'a\0b' })
      await expect(refused).rejects.toMatchObject({ code: 'REQUEST_INVALID' })
      expect((await store.profiles.list({}, { limit: 9, cursor: null })).items).toEqual([])
      const spelled = await addProfile(store, 'a', { cluster: String.raw`a\u0000b` })
      expect(spelled.profile.cluster).toBe(String.raw`a\u0000b`)
    })

    test('the list is newest first, in pages', async () => {
      const { store } = await openAt()
      const ids: string[] = []
      for (const text of ['a', 'b', 'c']) ids.push((await addProfile(store, text)).profile.id)
      const first = await store.profiles.list({}, { limit: 2, cursor: null })
      expect(first.items.map(({ id }) => id)).toEqual([ids[2], ids[1]])
      const second = await store.profiles.list({}, { limit: 2, cursor: first.nextCursor })
      expect(second.items.map(({ id }) => id)).toEqual([ids[0]])
      expect(second.nextCursor).toBeNull()
    })

    test('an invalid cursor is refused', async () => {
      const { store } = await openAt()
      const list = store.profiles.list({}, { limit: 2, cursor: "' or 1=1" })
      await expect(list).rejects.toMatchObject({ code: 'REQUEST_INVALID' })
    })

    test.each([
      ['target', { target: 'one' }],
      ['component', { component: 'etcd' }],
      ['type', { type: 'heap' }],
      ['time', { fromMs: 1000, toMs: 2000 }],
      ['label', { labels: [{ name: '__proto__', value: 'x' }] }],
    ] as const)('the list can be narrowed by %s', async (_, filter) => {
      const { store } = await openAt()
      const wanted = await addProfile(store, 'a', {
        target: 'one',
        component: 'etcd',
        type: 'heap',
        takenAtMs: 1500,
        labels: [{ name: '__proto__', value: 'x' }],
      })
      await addProfile(store, 'b', { target: 'two', labels: [{ name: 'x', value: 'y' }] })
      const { items } = await store.profiles.list(filter, { limit: 10, cursor: null })
      expect(items.map(({ id }) => id)).toEqual([wanted.profile.id])
    })

    testTimeLists(async () => (await openAt()).store)

    test('the list can be narrowed by status', async () => {
      const { store } = await openAt()
      await addReady(store, 'a')
      const waiting = await addProfile(store, 'b')
      const { items } = await store.profiles.list(
        { status: 'received' },
        { limit: 10, cursor: null },
      )
      expect(items.map(({ id }) => id)).toEqual([waiting.profile.id])
    })

    test('of a time range those that failed are listed, until newer rules can read them', async () => {
      const { store } = await openAt()
      await addReady(store, 'a')
      const { profile } = await addProfile(store, 'b')
      await store.analyses.fail(await claimNext(store), FAILURE)
      const failedFrom = async (fromMs: number, status: 'failed' | 'quarantined' = 'failed') => {
        const page = { limit: 10, cursor: null }
        return (await store.profiles.list({ fromMs, status }, page)).items.map(({ id }) => id)
      }
      expect(await failedFrom(profile.receivedAtMs)).toEqual([profile.id])
      expect(await failedFrom(profile.receivedAtMs + 1)).toEqual([])
      expect(await failedFrom(profile.receivedAtMs, 'quarantined')).toEqual([])
      const newer = { ...VERSIONS, decoder: '2' }
      await store.analyses.addForVersions(newer, ALL)
      const again = async () => {
        const claim = await store.analyses.claimNext('normal', { ...REQUEST, versions: newer })
        if (claim === null) throw new Error('there is nothing to claim')
        expect(await store.analyses.complete(claim, await resultFor(store))).toBe(true)
      }
      await again()
      await again()
      expect(await store.profiles.find(profile.id)).toMatchObject({ status: 'ready' })
      expect(await failedFrom(0)).toEqual([])
    })

    test('a removed profile is gone at once, its rows and blobs after the sweep', async () => {
      const { store } = await openAt()
      const { profile } = await addReady(store, 'a')
      expect(await store.profiles.remove(profile.id)).toBe(true)
      expect(await store.profiles.remove(profile.id)).toBe(false)
      expect(await store.profiles.find(profile.id)).toBeNull()
      expect(await store.profiles.findReport(profile.id, 'en')).toBeNull()
      const keys = await store.garbage.deleteRows(10)
      expect(keys).toHaveLength(2)
      expect(keys).toContain(profile.rawBlobKey)
      expect(await store.garbage.unknownKeys(keys)).toEqual(keys)
    })

    test('content that was removed can come back while its old rows are still there', async () => {
      const { store } = await openAt()
      const old = await addProfile(store, 'a')
      await store.profiles.remove(old.profile.id)
      const back = await addProfile(store, 'a')
      expect(back.isDuplicate).toBe(false)
      await store.garbage.deleteRows(10)
      expect(await store.profiles.find(back.profile.id)).not.toBeNull()
    })
  })

  describe(`analyses in ${name}`, () => {
    test('of many claims at once one gets it', async () => {
      const { store } = await openAt()
      const { analysisId } = await addProfile(store, 'a')
      const claims = await Promise.all(
        Array.from({ length: 10 }, async () => store.analyses.claim(analysisId ?? '', REQUEST)),
      )
      expect(claims.filter((claim) => claim !== null)).toHaveLength(1)
      expect(await store.analyses.claimNext('normal', REQUEST)).toBeNull()
    })

    test('a complete analysis makes the profile ready, with the facts read where none were declared', async () => {
      const { store } = await openAt()
      const { profile } = await addReady(store, 'a', { target: 't' })
      expect(profile).toMatchObject({
        status: 'ready',
        target: 't',
        component: 'kube-apiserver',
        type: 'cpu',
        takenAtMs: FACTS.takenAtMs,
        facts: FACTS,
      })
      expect(profile.columnsBlobKey).not.toBeNull()
      expect(await store.profiles.findReport(profile.id, 'zh')).toMatchObject({ language: 'zh' })
    })

    test('a small profile is ready without columns, which no blob or sweep knows of', async () => {
      const { store } = await openAt()
      const { profile } = await addProfile(store, 'a')
      const result = { ...(await resultFor(store)), columns: null }
      expect(await store.analyses.complete(await claimNext(store), result)).toBe(true)
      const ready = await store.profiles.find(profile.id)
      expect(ready).toMatchObject({ status: 'ready', facts: FACTS, columnsBlobKey: null })
      const kinds = (await store.garbage.bytesByKind()).map(({ kind }) => kind)
      expect(kinds).toEqual(['raw'])
    })

    test('declared facts take precedence over facts read', async () => {
      const { store } = await openAt()
      const { profile } = await addReady(store, 'a', { component: 'mine', takenAtMs: 5 })
      expect(profile).toMatchObject({ component: 'mine', takenAtMs: 5 })
    })

    test('a failed analysis has its reason', async () => {
      const { store } = await openAt()
      const { profile } = await addProfile(store, 'a')
      expect(await store.analyses.fail(await claimNext(store), FAILURE)).toBe(true)
      const failed = await store.profiles.find(profile.id)
      expect(failed).toMatchObject({ status: 'failed', failure: FAILURE, columnsBlobKey: null })
    })

    test('a worker that lost the lease writes nothing', async () => {
      const { store, clock } = await openAt()
      const { profile } = await addProfile(store, 'a')
      const lost = await claimNext(store)
      clock.nowMs += 60_000
      await store.analyses.expireLeases(clock.nowMs, RULES)
      const held = await claimNext(store, 'isolated')
      expect(await store.analyses.renew(lost, 1000)).toBe(false)
      expect(await store.analyses.complete(lost, await resultFor(store))).toBe(false)
      expect(await store.analyses.fail(lost, FAILURE)).toBe(false)
      expect(await store.analyses.crashed(lost, FAILURE, RULES)).toBe(false)
      expect(await store.analyses.release(lost)).toBe(false)
      expect(await store.profiles.find(profile.id)).toMatchObject({ status: 'analysing' })
      expect(await store.analyses.complete(held, await resultFor(store))).toBe(true)
    })

    test('a lease that is renewed does not run out', async () => {
      const { store, clock } = await openAt()
      await addProfile(store, 'a')
      const claim = await claimNext(store)
      clock.nowMs += 9000
      expect(await store.analyses.renew(claim, 10_000)).toBe(true)
      clock.nowMs += 9000
      expect(await store.analyses.expireLeases(clock.nowMs, RULES)).toBe(0)
    })

    test('a profile that crashes its decoder waits, runs alone, and is quarantined the third time', async () => {
      const { store, clock } = await openAt()
      const { profile } = await addProfile(store, 'a')
      const failure = { ...FAILURE, code: 'PROFILE_QUARANTINED', reason: 'oom' }
      await store.analyses.crashed(await claimNext(store), failure, RULES)
      expect(await store.analyses.claimNext('isolated', REQUEST)).toBeNull()
      clock.nowMs += 1000
      expect(await store.analyses.claimNext('normal', REQUEST)).toBeNull()
      await store.analyses.crashed(await claimNext(store, 'isolated'), failure, RULES)
      clock.nowMs += 5000
      const third = await claimNext(store, 'isolated')
      expect(third.crashCount).toBe(3)
      await store.analyses.crashed(third, failure, RULES)
      const end = await store.profiles.find(profile.id)
      expect(end).toMatchObject({ status: 'quarantined', failure: { reason: 'oom' } })
      clock.nowMs += 1_000_000
      expect(await store.analyses.claimNext('isolated', REQUEST)).toBeNull()
    })

    test('a worker that is gone counts as a crash, without any code having run', async () => {
      const { store, clock } = await openAt()
      const { profile } = await addProfile(store, 'a')
      for (const lane of ['normal', 'isolated', 'isolated'] as const) {
        await claimNext(store, lane)
        clock.nowMs += 60_000
        expect(await store.analyses.expireLeases(clock.nowMs, RULES)).toBe(1)
      }
      expect(await store.profiles.find(profile.id)).toMatchObject({ status: 'quarantined' })
    })

    test('an orderly end gives the crash back', async () => {
      const { store, clock } = await openAt()
      await addProfile(store, 'a')
      await store.analyses.release(await claimNext(store))
      await store.analyses.retryLater(await claimNext(store), 500)
      expect(await store.analyses.claimNext('normal', REQUEST)).toBeNull()
      clock.nowMs += 500
      expect(await claimNext(store)).toMatchObject({ crashCount: 1, retryCount: 1 })
    })

    test('newer rules add an analysis, which replaces the old one only when it is ready', async () => {
      const { store } = await openAt()
      const { profile } = await addReady(store, 'a')
      const newer = { ...VERSIONS, ruleSet: 'b' }
      expect(await store.analyses.addForVersions(newer, ALL)).toMatchObject({ count: 1 })
      expect(await store.analyses.addForVersions(newer, ALL)).toMatchObject({ count: 0 })
      expect(await store.analyses.claimNext('normal', REQUEST)).toBeNull()
      const claim = await store.analyses.claimNext('normal', { ...REQUEST, versions: newer })
      if (claim === null) throw new Error('there is nothing to claim')
      expect(await store.profiles.find(profile.id)).toMatchObject({ status: 'ready' })
      await store.analyses.fail(claim, FAILURE)
      expect(await store.profiles.find(profile.id)).toEqual(profile)
    })

    test('a replaced analysis is swept up with its columns', async () => {
      const { store } = await openAt()
      const { profile } = await addReady(store, 'a')
      const newer = { ...VERSIONS, decoder: '2' }
      await store.analyses.addForVersions(newer, ALL)
      const claim = await store.analyses.claimNext('normal', { ...REQUEST, versions: newer })
      if (claim === null) throw new Error('there is nothing to claim')
      await store.analyses.complete(claim, await resultFor(store))
      expect(await store.garbage.deleteRows(10)).toEqual([profile.columnsBlobKey])
      const now = await store.profiles.find(profile.id)
      expect(now).toMatchObject({ status: 'ready' })
      expect(await store.garbage.unknownKeys([now?.columnsBlobKey ?? ''])).toEqual([])
    })

    test('a profile that is removed while it is analysed takes the result with it', async () => {
      const { store } = await openAt()
      const { profile } = await addProfile(store, 'a')
      const claim = await claimNext(store)
      await store.profiles.remove(profile.id)
      await store.garbage.deleteRows(10)
      const result = await resultFor(store)
      const key = result.columns?.key ?? ''
      expect(await store.analyses.complete(claim, result)).toBe(false)
      expect(await store.garbage.unknownKeys([key])).toEqual([key])
    })
  })

  describe(`links in ${name}`, () => {
    test('a link is found by the hash of its token, and revoked once', async () => {
      const { store, clock } = await openAt()
      const link = await addLink(store, 'a')
      expect(await store.links.findByTokenHash('hash of a')).toEqual(link)
      expect(await store.links.findByTokenHash('another')).toBeNull()
      const revokedAtMs = clock.nowMs
      expect(await store.links.revoke(link.id)).toMatchObject({ revokedAtMs })
      clock.nowMs += 1000
      expect(await store.links.revoke(link.id)).toMatchObject({ revokedAtMs })
      expect(await store.links.revoke('nobody')).toBeNull()
    })

    test('a link needs a profile', async () => {
      const { store } = await openAt()
      const link = { profileId: 'nobody', tokenHash: 'x', view: '', expiresAtMs: 1 }
      expect(await store.links.add(link)).toBeNull()
    })

    test('a profile with a link that works stays; the revoked links of a removed one stay without it', async () => {
      const { store } = await openAt()
      const link = await addLink(store, 'a')
      const removing = store.profiles.remove(link.profileId ?? '')
      await expect(removing).rejects.toMatchObject({ code: 'PROFILE_IN_USE' })
      await store.links.revoke(link.id)
      expect(await store.profiles.remove(link.profileId ?? '')).toBe(true)
      await store.garbage.deleteRows(10)
      const found = await store.links.findByTokenHash('hash of a')
      expect(found).toMatchObject({ id: link.id, profileId: null })
      expect(found?.revokedAtMs).not.toBeNull()
    })

    test('the list of links has pages', async () => {
      const { store } = await openAt()
      const { profileId } = await addLink(store, 'a')
      const second = { profileId: profileId ?? '', tokenHash: '2', view: '', expiresAtMs: 1 }
      const added = await store.links.add(second)
      const page = await store.links.list(
        { profileId: profileId ?? '' },
        { limit: 1, cursor: null },
      )
      expect(page.items).toEqual([added])
      expect(page.nextCursor).toBe(added?.id)
    })
  })
}

async function addLink(store: Store, text: string) {
  const { profile } = await addProfile(store, text)
  const link = await store.links.add({
    profileId: profile.id,
    tokenHash: `hash of ${text}`,
    view: 'q=x',
    expiresAtMs: Date.now() + 60_000,
  })
  if (link === null) throw new Error('the link was not added')
  return link
}

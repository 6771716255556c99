import { describe, expect, test } from 'vitest'
import type { NewAuditEntry, Store } from '../../store/index.ts'
import type { Clock } from './store.ts'

const FIRST_PAGE = { limit: 10, cursor: null }
const TOKEN = { name: 'ci', role: 'viewer', space: 'default', createdBy: null } as const
const SESSION = { tokenHash: 'a', userJson: null, space: 'default' }
const ENTRY: NewAuditEntry = {
  action: 'token.create',
  outcome: 'done',
  actor: 'ci',
  actorKind: 'token',
  space: 'default',
  object: 'x',
  address: '192.0.2.1',
  requestId: 'r',
  detailsJson: '{"a":1}',
}

/** What every store promises about tokens, sessions and the audit log. */
export function describeAccounts(name: string, open: (clock: Clock) => Promise<Store>): void {
  const openAt = async (nowMs: number) => {
    const clock = { nowMs }
    return { clock, store: await open(clock) }
  }

  describe(`tokens in ${name}`, () => {
    test('a token is found by its hash, listed newest first, and revoked once', async () => {
      const { clock, store } = await openAt(1000)
      expect(await store.tokens.hasAny()).toBe(false)
      const first = await store.tokens.add({ ...TOKEN, hash: 'h1', expiresAtMs: 9000 })
      const second = await store.tokens.add({ ...TOKEN, hash: 'h2', expiresAtMs: null, space: 'b' })
      expect(await store.tokens.hasAny()).toBe(true)
      expect(first).toMatchObject({ createdAtMs: 1000, lastUsedAtMs: null, revokedAtMs: null })
      expect(await store.tokens.findByHash('h1')).toEqual(first)
      expect(await store.tokens.findByHash('h3')).toBeNull()
      expect((await store.tokens.list({}, FIRST_PAGE)).items).toEqual([second, first])
      expect((await store.tokens.list({ space: 'b' }, FIRST_PAGE)).items).toEqual([second])
      clock.nowMs = 2000
      await store.tokens.touch(first.id)
      expect(await store.tokens.revoke(first.id)).toMatchObject({ revokedAtMs: 2000 })
      clock.nowMs = 3000
      const revoked = { lastUsedAtMs: 2000, revokedAtMs: 2000 }
      expect(await store.tokens.revoke(first.id)).toMatchObject(revoked)
      expect(await store.tokens.find(first.id)).toMatchObject(revoked)
      expect(await store.tokens.revoke('nothing')).toBeNull()
    })

    test('a hash belongs to one token', async () => {
      const { store } = await openAt(1000)
      await store.tokens.add({ ...TOKEN, hash: 'h1', expiresAtMs: null })
      await expect(store.tokens.add({ ...TOKEN, hash: 'h1', expiresAtMs: null })).rejects.toThrow(
        /unique/i,
      )
    })
  })

  describe(`sessions in ${name}`, () => {
    test('a session is found by its hash until it is removed', async () => {
      const { clock, store } = await openAt(1000)
      await store.sessions.add({ ...SESSION, hash: 's1', endsAtMs: 9000 })
      clock.nowMs = 2000
      await store.sessions.touch('s1')
      await store.sessions.setSpace('s1', 'b')
      const times = { createdAtMs: 1000, seenAtMs: 2000, endsAtMs: 9000 }
      expect(await store.sessions.findByHash('s1')).toMatchObject({ space: 'b', ...times })
      expect(await store.sessions.remove('s1')).toBe(true)
      expect(await store.sessions.remove('s1')).toBe(false)
      expect(await store.sessions.findByHash('s1')).toBeNull()
    })

    test('sessions that have ended go when another begins', async () => {
      const { clock, store } = await openAt(1000)
      await store.sessions.add({ ...SESSION, hash: 's1', endsAtMs: 2000 })
      await store.sessions.add({ ...SESSION, hash: 's2', endsAtMs: 2001 })
      clock.nowMs = 2000
      await store.sessions.add({ ...SESSION, hash: 's3', endsAtMs: 9000 })
      expect(await store.sessions.findByHash('s1')).toBeNull()
      expect(await store.sessions.findByHash('s2')).not.toBeNull()
    })
  })

  describe(`the audit log in ${name}`, () => {
    test('entries are listed newest first, in pages, and can be narrowed', async () => {
      const { clock, store } = await openAt(1000)
      await store.audit.add(ENTRY)
      clock.nowMs = 2000
      await store.audit.add({ ...ENTRY, action: 'token.revoke', actor: 'me', outcome: 'refused' })
      await store.audit.add({ ...ENTRY, object: null, space: 'b' })
      const page = await store.audit.list({}, { limit: 2, cursor: null })
      expect(page.items.map(({ space }) => space)).toEqual(['b', 'default'])
      const rest = await store.audit.list({}, { limit: 2, cursor: page.nextCursor })
      expect(rest.items).toMatchObject([{ ...ENTRY, atMs: 1000 }])
      const count = async (filter: object) =>
        (await store.audit.list(filter, FIRST_PAGE)).items.length
      expect(await count({ action: 'token.create' })).toBe(2)
      expect(await count({ actor: 'me' })).toBe(1)
      expect(await count({ outcome: 'refused' })).toBe(1)
      expect(await count({ object: 'x' })).toBe(2)
      expect(await count({ space: 'b' })).toBe(1)
      expect(await count({ fromMs: 1001 })).toBe(2)
      expect(await count({ toMs: 2000 })).toBe(1)
    })

    test('old entries are deleted, so many at a time', async () => {
      const { clock, store } = await openAt(1000)
      for (let count = 0; count < 3; count++) await store.audit.add(ENTRY)
      clock.nowMs = 2000
      await store.audit.add(ENTRY)
      expect(await store.audit.removeBefore(2000, 2)).toBe(2)
      expect(await store.audit.removeBefore(2000, 2)).toBe(1)
      expect((await store.audit.list({}, FIRST_PAGE)).items).toMatchObject([{ atMs: 2000 }])
    })
  })
}

import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as delay } from 'node:timers/promises'
import { PATIENCE_MS } from '../patience.ts'
import type { History } from './uploaders.ts'

/** All of these must be empty or 0. */
export interface Verdict {
  /** Acknowledged, and not there or not the same bytes. */
  readonly lost: readonly string[]
  /** Acknowledged, and not ready in time, with what they are instead. */
  readonly stuck: readonly string[]
  /** Profiles with bytes that no client sent. */
  readonly unexpected: readonly string[]
  /** Rows that refer to bytes that are not there. */
  readonly danglingCount: number
  /** Live profiles beyond the first of one dedupe key. */
  readonly duplicatedCount: number
  readonly integrity: string
}

/** Nothing lost, nothing stuck, and a whole database. */
export const FLAWLESS: Verdict = {
  lost: [],
  stuck: [],
  unexpected: [],
  danglingCount: 0,
  duplicatedCount: 0,
  integrity: 'ok',
}

/** What the database and the blob store hold, read without kubeprof. */
export interface StoredState {
  /** The keys in the table of blobs. */
  readonly blobIds: readonly string[]
  /** The keys that have bytes. */
  readonly fileKeys: ReadonlySet<string>
  readonly profiles: readonly {
    readonly id: string
    readonly dedupeKey: string
    readonly rawBlobId: string
  }[]
  /** `ok`, or what the database finds wrong with itself. */
  readonly integrity: string
}

export const PROFILES_QUERY =
  'select "id", "dedupeKey", "rawBlobId" from "profile" where "deletedAtMs" is null'

export interface JudgeOptions {
  readonly url: string
  readonly readState: () => Promise<StoredState>
  /** How long it waits while nothing becomes ready. */
  readonly patienceMs?: number
}

/** As many uploads are looked for at once: reading thousands one after the other takes longer than uploading them did. */
const CHECKERS = 8
const POLL_MS = 200

/** Looks for every acknowledged upload, in a running service. */
export async function judgeHistory(
  { acknowledged, sentHashes }: Pick<History, 'acknowledged' | 'sentHashes'>,
  { url, readState, patienceMs = PATIENCE_MS }: JudgeOptions,
): Promise<Verdict> {
  let endMs = performance.now() + patienceMs
  const lost: string[] = []
  const stuck: string[] = []
  const remaining = acknowledged.values()
  const checker = async () => {
    for (const { id, bytes } of remaining) {
      const raw = await fetch(`${url}/api/v1/profiles/${id}/raw`)
      const isSame = Buffer.from(await raw.arrayBuffer()).equals(bytes)
      if (raw.status !== 200 || !isSame) lost.push(`${id} ${raw.status}`)
      const status = await waitForReady(`${url}/api/v1/profiles/${id}`, () => endMs)
      if (status !== 'ready') stuck.push(`${id} ${status}`)
      // However large the backlog is: something has to become ready now and then.
      else endMs = performance.now() + patienceMs
    }
  }
  await Promise.all(Array.from({ length: CHECKERS }, checker))
  return { lost: lost.sort(), stuck: stuck.sort(), ...judgeState(await readState(), sentHashes) }
}

async function waitForReady(url: string, endMs: () => number): Promise<string> {
  for (;;) {
    const text = await (await fetch(url)).text()
    const status = /"status":"(\w+)"/.exec(text)?.[1] ?? text
    if (status !== 'received' && status !== 'analysing') return status
    if (performance.now() > endMs()) return status
    await delay(POLL_MS)
  }
}

function judgeState(
  { blobIds, fileKeys, profiles, integrity }: StoredState,
  sentHashes: ReadonlySet<string>,
): Omit<Verdict, 'lost' | 'stuck'> {
  const isSent = (key: string) => sentHashes.has(key.slice(0, 64))
  return {
    unexpected: profiles.flatMap(({ id, rawBlobId }) => (isSent(rawBlobId) ? [] : [id])),
    danglingCount: blobIds.filter((id) => !fileKeys.has(id)).length,
    duplicatedCount: profiles.length - new Set(profiles.map(({ dedupeKey }) => dedupeKey)).size,
    integrity,
  }
}

/** The state of a data directory. */
export async function readDirectory(directory: string): Promise<StoredState> {
  const database = new DatabaseSync(join(directory, 'kubeprof.db'), { readOnly: true })
  try {
    const blobIds = database.prepare('select id from blob').all()
    const paths = await readdir(join(directory, 'blobs'), { recursive: true })
    const profiles = database.prepare(PROFILES_QUERY).all()
    return {
      blobIds: blobIds.map(({ id }) => String(id)),
      fileKeys: new Set(paths.map((path) => path.slice('ab/'.length))),
      profiles: profiles.map(toProfile),
      integrity: String(database.prepare('pragma integrity_check').get()?.['integrity_check']),
    }
  } finally {
    database.close()
  }
}

export function toProfile(row: Readonly<Record<string, unknown>>): StoredState['profiles'][number] {
  return {
    id: String(row['id']),
    dedupeKey: String(row['dedupeKey']),
    rawBlobId: String(row['rawBlobId']),
  }
}

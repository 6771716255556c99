import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as delay } from 'node:timers/promises'
import type { Acknowledged } from './uploaders.ts'

/** All of these must be empty or 0. */
export interface Verdict {
  /** Acknowledged, and not there or not the same bytes. */
  readonly lost: readonly string[]
  /** Acknowledged, and not ready in time, with what they are instead. */
  readonly stuck: readonly string[]
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
  danglingCount: 0,
  duplicatedCount: 0,
  integrity: 'ok',
}

export interface JudgeOptions {
  readonly url: string
  readonly directory: string
  readonly timeoutMs: number
}

/** Looks for every acknowledged upload, in a running service. */
export async function judgeHistory(
  acknowledged: readonly Acknowledged[],
  { url, directory, timeoutMs }: JudgeOptions,
): Promise<Verdict> {
  const endMs = performance.now() + timeoutMs
  const lost: string[] = []
  const stuck: string[] = []
  for (const { id, bytes } of acknowledged) {
    const raw = await fetch(`${url}/api/v1/profiles/${id}/raw`)
    const isSame = Buffer.from(await raw.arrayBuffer()).equals(Buffer.from(bytes))
    if (raw.status !== 200 || !isSame) lost.push(`${id} ${raw.status}`)
    const status = await waitForReady(`${url}/api/v1/profiles/${id}`, endMs)
    if (status !== 'ready') stuck.push(`${id} ${status}`)
  }
  return { lost, stuck, ...(await inspect(directory)) }
}

async function waitForReady(url: string, endMs: number): Promise<string> {
  for (;;) {
    const text = await (await fetch(url)).text()
    const status = /"status":"(\w+)"/.exec(text)?.[1] ?? text
    if (status !== 'received' && status !== 'analysing') return status
    if (performance.now() > endMs) return status
    await delay(50)
  }
}

async function inspect(directory: string) {
  const database = new DatabaseSync(join(directory, 'kubeprof.db'), { readOnly: true })
  try {
    const keys = database.prepare('select id from blob').all()
    const blobs = join(directory, 'blobs')
    const files = new Set(
      (await readdir(blobs, { recursive: true })).map((path) => path.slice('ab/'.length)),
    )
    const duplicated = database.prepare(
      `select coalesce(sum(n - 1), 0) as n from (select count(*) as n from profile
       where deletedAtMs is null group by dedupeKey)`,
    )
    return {
      danglingCount: keys.filter(({ id }) => !files.has(String(id))).length,
      duplicatedCount: Number(duplicated.get()?.['n']),
      integrity: String(database.prepare('pragma integrity_check').get()?.['integrity_check']),
    }
  } finally {
    database.close()
  }
}

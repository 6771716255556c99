import { createHash } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { textAt, valueAt } from '../../api/json-value.ts'
import { flushFolder } from '../../store/blobs.ts'
import type { VerbosityRecords } from './verbosity.ts'

/** A log level that was raised and not restored. */
export interface StrandedVerbosity {
  /** The process whose level was raised. */
  readonly key: string
  readonly restoreTo: number
  readonly raisedAtMs: number
  /** The id of the kubeprof process that raised it. */
  readonly pid: number
  forget(): Promise<void>
}

/** Records raised log levels as files of a folder, for commands that have no database. */
export function verbosityFolder(
  folder: string,
  key: string,
  { pid, now = Date.now }: { readonly pid: number; readonly now?: () => number },
): VerbosityRecords {
  const name = `verbosity-${createHash('sha256').update(key).digest('hex').slice(0, 24)}.json`
  const path = join(folder, name)
  return {
    async raised(restoreTo) {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const file = await open(`${path}.new`, 'w', 0o600)
      try {
        await file.writeFile(JSON.stringify({ key, restoreTo, raisedAtMs: now(), pid }))
        await file.sync()
      } finally {
        await file.close()
      }
      await rename(`${path}.new`, path)
      await flushFolder(folder)
    },
    restored: () => rm(path, { force: true }),
  }
}

/** The levels that were raised and not restored, by a command that was killed or that still runs. */
export async function strandedVerbosities(folder: string): Promise<StrandedVerbosity[]> {
  const names = await readdir(folder).catch(() => [])
  const found: StrandedVerbosity[] = []
  for (const name of names.filter((name) => /^verbosity-[0-9a-f]{24}\.json$/.test(name))) {
    const path = join(folder, name)
    const record = parse(await readFile(path, 'utf8').catch(() => ''))
    const key = textAt(record, 'key')
    const numberAt = (name: string) => Number(valueAt(record, name))
    const [restoreTo, raisedAtMs, pid] = [
      numberAt('restoreTo'),
      numberAt('raisedAtMs'),
      numberAt('pid'),
    ]
    if (key === null || !Number.isInteger(restoreTo)) continue
    found.push({ key, restoreTo, raisedAtMs, pid, forget: () => rm(path, { force: true }) })
  }
  return found
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

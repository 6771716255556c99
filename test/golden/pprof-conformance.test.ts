import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { runPprofHere } from './run-pprof.ts'

const folder = fileURLToPath(new URL('../../../shared/conformance/', import.meta.url))

/** Where we print something else than pprof, and why. */
const DEVIATIONS: readonly (readonly [RegExp, string])[] = [
  [/names-mangled/, 'names mangled by C++ and Rust compilers stay as they are'],
  [/ok-invalid-utf8/, 'bytes that are no UTF-8 are printed as U+FFFD'],
  [/\.debug1\.txt|ok-goroutine-labels/, 'text dumps keep the names that pprof loses'],
  [/cppbench|go\.crc32|gobench|java\.|go\.godoc/, 'gperftools and Java formats are not read'],
]

/** Where pprof is wrong and the default is not: `--pprof-bugs` prints what pprof prints. */
const BUGS = /files-columns:(?:top|tree)\.files$/

interface Entry {
  readonly id: string
  readonly suite: string
  readonly compare: string
  readonly args: readonly string[]
  readonly inputs: readonly string[]
  readonly base?: readonly { readonly flag: string; readonly input: string }[]
  readonly golden: string
  readonly cwd?: string
}

test.skipIf(!existsSync(folder))('all recorded outputs of pprof are printed alike', async () => {
  const entries = readEntries().filter(
    ({ compare, suite, cwd }) => compare === 'bytes' && suite !== 'web-json' && cwd === undefined,
  )
  const different: string[] = []
  let sameCount = 0
  for (const entry of entries) {
    if (await isSame(entry)) sameCount++
    else if (!DEVIATIONS.some(([pattern]) => pattern.test(entry.id))) different.push(entry.id)
  }
  expect(different).toEqual([])
  expect(sameCount).toBeGreaterThan(entries.length * 0.97)
})

async function isSame({ id, args, base = [], inputs, golden }: Entry): Promise<boolean> {
  const flags = base.map(({ flag, input }) => `-${flag}=${input}`)
  const all = [...new Set([...args, ...flags])].map((arg) =>
    arg.replace(/^(-(?:diff_)?base=)/, `$1${folder}inputs/`),
  )
  const { output } = await runPprofHere([
    ...(BUGS.test(id) ? ['--pprof-bugs'] : []),
    ...all,
    ...inputs.map((path) => `${folder}inputs/${path}`),
  ])
  const bytes = readFileSync(folder + golden)
  return output === (golden.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString()
}

function readEntries(): readonly Entry[] {
  const manifest: unknown = JSON.parse(readFileSync(`${folder}manifest.json`, 'utf8'))
  if (!isManifest(manifest)) throw new Error('manifest.json has another shape')
  return manifest.entries
}

function isManifest(value: unknown): value is { readonly entries: readonly Entry[] } {
  return typeof value === 'object' && value !== null && 'entries' in value
}

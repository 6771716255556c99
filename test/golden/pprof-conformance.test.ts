import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { isThorough } from '../extent.ts'
import { type PprofRun, runPprofHere } from './run-pprof.ts'

const folder = fileURLToPath(new URL('../../../shared/conformance/', import.meta.url))

/** A run that is not thorough compares every fourth. */
const STRIDE = isThorough ? 1 : 4

/** Where we print something else than pprof, and why. */
const DEVIATIONS: readonly (readonly [RegExp, string])[] = [
  [/names-mangled/, 'names mangled by C++ and Rust compilers stay as they are'],
  [/ok-invalid-utf8/, 'bytes that are no UTF-8 are printed as U+FFFD'],
  [/goroutine\.debug2|err-goroutine-debug2/, 'dumps of goroutines are read, which pprof refuses'],
  [/:weblist=/, 'annotated machine code needs the binary'],
  [/profile-string:java/, 'recorded of a function of pprof, not of its command'],
]

/** Where pprof is wrong and the default is not: `--pprof-bugs` prints what pprof prints. */
const BUGS =
  /files-columns:(?:top|tree)\.files$|\.debug1\.txt|ok-goroutine-labels|string:(?:gobench\.heap|go\.godoc)/

interface Entry {
  readonly id: string
  readonly suite: string
  readonly compare: string
  readonly args: readonly string[]
  readonly inputs: readonly string[]
  readonly base?: readonly { readonly flag: string; readonly input: string }[]
  readonly golden: string
  readonly exit_code: number
  readonly cwd?: string
}

test.skipIf(!existsSync(folder))('all recorded outputs of pprof are reproduced', async () => {
  const entries = readEntries().filter(
    ({ compare, suite }, index) =>
      compare === 'bytes' && suite !== 'web-json' && index % STRIDE === 0,
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

test.skipIf(!existsSync(folder))('what pprof refuses is refused, and nothing else', async () => {
  const entries = readEntries().filter(({ compare }) => compare === 'exit-code-and-error-class')
  expect(entries.length).toBeGreaterThan(100)
  const different: string[] = []
  for (const entry of entries) {
    if (DEVIATIONS.some(([pattern]) => pattern.test(entry.id))) continue
    const { exitCode } = await run(entry)
    if ((exitCode === 0) !== (entry.exit_code === 0)) different.push(entry.id)
  }
  expect(different).toEqual([])
})

async function isSame(entry: Entry): Promise<boolean> {
  const { output } = await run(entry)
  const bytes = readFileSync(folder + entry.golden)
  return output === (entry.golden.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString()
}

async function run({ id, args, base = [], inputs, cwd }: Entry): Promise<PprofRun> {
  const flags = base.map(({ flag, input }) => `-${flag}=${input}`)
  const all = [...new Set([...args, ...flags])].map((arg) =>
    arg.replace(/^(-(?:diff_)?base=)/, `$1${folder}inputs/`),
  )
  const before = process.cwd()
  process.chdir(folder + (cwd ?? 'inputs'))
  try {
    return await runPprofHere([
      ...(BUGS.test(id) ? ['--pprof-bugs'] : []),
      ...all,
      ...inputs.map((path) => `${folder}inputs/${path}`),
    ])
  } finally {
    process.chdir(before)
  }
}

function readEntries(): readonly Entry[] {
  const manifest: unknown = JSON.parse(readFileSync(`${folder}manifest.json`, 'utf8'))
  if (!isManifest(manifest)) throw new Error('manifest.json has another shape')
  return manifest.entries
}

function isManifest(value: unknown): value is { readonly entries: readonly Entry[] } {
  return typeof value === 'object' && value !== null && 'entries' in value
}

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { runDiff } from '../../../cli/diff/diff-command.ts'
import { encodeProfile, profileFromFolded, type ValueType } from '../../../profile/index.ts'
import { temporaryDirectory } from '../../temporary-directory.ts'

const CPU: readonly ValueType[] = [
  { type: 'samples', unit: 'count' },
  { type: 'cpu', unit: 'nanoseconds' },
]
const GOROUTINE: ValueType = { type: 'goroutine', unit: 'count' }

test('kubeprof diff prints CPU in cores, what is new, and what may be chance', async () => {
  const a = await cpuFile('main;work 1000 10000000000\nmain;rare 2 20000000', 10n)
  const b = await cpuFile('main;work 4000 40000000000\nmain;fresh 500 5000000000', 20n)
  const { code, out } = await run([a, b])
  expect(code).toBe(0)
  expect(out).toContain('cpu: 1.00 → 2.25 cores (+1.25, +125%)')
  expect(out).toMatch(/Grew\n.*\n {4}1\.00 +2\.00 +\+1\.00 +\+100% +work\n/)
  expect(out).toMatch(/New\n.*\n +0 +0\.25 +\+0\.25 +fresh\n/)
  expect(out).toMatch(/Gone\n.*\n~ +0\.002 +0 +-0\.002 +rare\n/)
  expect(out).toContain('~ may be chance')
})

test('-n bounds each list and says of how many', async () => {
  const a = await profileFile('a 1', GOROUTINE)
  const b = await profileFile('a 1\nb 2\nc 3\nd 4', GOROUTINE)
  const { out } = await run(['-n', '1', '-flat', a, b])
  expect(out).toContain('New (1 of 3)')
  expect(out).not.toContain('  c\n')
})

test('goroutines are compared by callers, as all of them wait in one function', async () => {
  const a = await profileFile('serve;runtime.gopark 1', GOROUTINE)
  const b = await profileFile('serve;runtime.gopark 1\nleak;runtime.gopark 9', GOROUTINE)
  expect((await run([a, b])).out).toMatch(/New\n.*cum\n.*leak/)
})

test('--json has every change', async () => {
  const file = await profileFile('a 1', GOROUTINE)
  const { out } = await run(['--json', file, await profileFile('a 3', GOROUTINE)])
  expect(JSON.parse(out)).toMatchObject({
    version: 1,
    inputs: [{ path: file }, {}],
    sampleType: GOROUTINE,
    kind: 'snapshot',
    per: 'profile',
    rows: [
      { name: 'a', status: 'grew', cum: { before: 1, after: 3, difference: 2, isNoise: null } },
    ],
  })
})

test('one of the profiles may come from standard input', async () => {
  const bytes = encodeProfile(profileFromFolded('a 1', GOROUTINE))
  const { code, out } = await run([await profileFile('a 1', GOROUTINE), '-'], bytes)
  expect(code).toBe(0)
  expect(out).toContain('Nothing changed.')
})

test('mixed types are refused with what each file has', async () => {
  const a = await cpuFile('a 1 1', 1n)
  const b = await profileFile('a 1', GOROUTINE)
  const { code, error } = await run([a, b])
  expect(code).toBe(3)
  expect(error).toBe(
    'kubeprof diff: the profiles have no sample type in common:\n' +
      `  ${a}: samples/count, cpu/nanoseconds\n  ${b}: goroutine/count\n`,
  )
})

test('files that cannot be read are reported, both at once', async () => {
  const bad = await fileOf(new TextEncoder().encode('Unauthorized\n'))
  const { code, error } = await run([bad, '/nonexistent'])
  expect(code).toBe(3)
  expect(error).toContain(`${bad}: the bytes are text`)
  expect(error).toContain('/nonexistent: there is no such file')
})

test.each([
  [['only-one'], 'name two profiles'],
  [['-n', '0', 'a', 'b'], '--n is a whole number above 0'],
  [['--sample_indx=cpu', 'a', 'b'], 'did you mean --sample_index?'],
])('wrong usage is reported: %j', async (args, message) => {
  await expect(run(args)).rejects.toThrow(message)
})

test('an unknown sample type is wrong usage and names those there are', async () => {
  const file = await cpuFile('a 1 1', 1n)
  await expect(run(['-sample_index=heap', file, file])).rejects.toThrow('samples, cpu')
})

test('names cannot steer the terminal, and colour is for terminals alone', async () => {
  const a = await profileFile('a 1', GOROUTINE)
  const b = await profileFile('evil\u001b[31m 5', GOROUTINE)
  expect((await run([a, b])).out).not.toContain('\u001b')
  const coloured = await run([a, b], undefined, true)
  expect(coloured.out).toContain('\u001b[1m')
  expect(coloured.out).toContain('evil\ufffd[31m')
})

async function run(args: readonly string[], input = new Uint8Array(), isTerminal = false) {
  let out = ''
  let error = ''
  const code = await runDiff(args, {
    stdin: () => Readable.from([input]),
    writeOut: (text) => {
      out += String(text)
    },
    writeError: (text) => {
      error += text
    },
    isTerminal,
    env: {},
  })
  return { code, out, error }
}

function cpuFile(text: string, seconds: bigint): Promise<string> {
  const profile = profileFromFolded(text, CPU, { durationNs: seconds * 1_000_000_000n })
  return fileOf(encodeProfile(profile))
}

function profileFile(text: string, sampleType: ValueType): Promise<string> {
  return fileOf(encodeProfile(profileFromFolded(text, sampleType)))
}

async function fileOf(bytes: Uint8Array): Promise<string> {
  const path = join(await temporaryDirectory(), 'profile.pb')
  writeFileSync(path, bytes)
  return path
}

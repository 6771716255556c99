import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { encodeProfile, ProfileBuilder } from '../../../profile/index.ts'
import { runPprofHere } from '../../golden/run-pprof.ts'
import { temporaryDirectory } from '../../temporary-directory.ts'

test('-files has a row for each file, and with --pprof-bugs one for each function', async () => {
  const path = await writeProfile({
    funcs: [
      { name: 'main.a', file: '/src/main.go', startLine: 3 },
      { name: 'main.b', file: '/src/main.go', startLine: 9 },
      { name: 'fmt.c', file: '/src/fmt.go', startLine: 3 },
    ],
  })
  expect(await rowsOf(['-top', '-files', path])).toEqual([
    '2 66.67% 66.67%          2 66.67%  /src/main.go',
    '1 33.33%   100%          1 33.33%  /src/fmt.go',
  ])
  expect(await rowsOf(['-top', '-files', '--pprof-bugs', path])).toHaveLength(3)
})

test('-files keeps binaries apart where no file is known', async () => {
  const path = await writeProfile({ funcs: [{ name: 'main.a', file: '', startLine: 3 }] })
  expect(await rowsOf(['-top', '-files', path])).toEqual([
    '1   100%   100%          1   100%  [app]',
  ])
})

test.each([
  ['main.(*T).M.gen[...].func1', 'main..M.gen[...].func1'],
  ['sync.OnceValue[go.shape.func(int)]', 'sync.OnceValue[go.shape.func]'],
  ['chans.Send[go.shape.chan<- int]', 'chans.Send[go.shape.chan<- int]'],
  ['std::vector<int>::push_back(int)', 'std::vector::push_back'],
  ['frob(int) [clone .isra.0]', 'frob [clone .isra.0]'],
])('%s is damaged by --pprof-bugs alone, unless it is C++', async (name, damaged) => {
  const path = await writeProfile({ funcs: [{ name, file: '', startLine: 0 }] })
  const [row] = await rowsOf(['-top', path])
  const isCpp = name.includes('::') || name.includes(' [')
  expect(row).toContain(`  ${isCpp ? damaged : name}`)
  expect((await rowsOf(['-top', '--pprof-bugs', path]))[0]).toContain(`  ${damaged}`)
})

test('a heap profile of a span of time opens as alloc_space', async () => {
  const path = await writeProfile({
    types: ['alloc_objects', 'alloc_space', 'inuse_objects', 'inuse_space'],
    durationNs: 10_000_000_000n,
  })
  expect((await runPprofHere(['-top', path])).output).toContain('Type: alloc_space')
  const { output } = await runPprofHere(['-top', '--pprof-bugs', path])
  expect(output).toContain('Type: inuse_space')
})

test('a heap profile of a moment opens as inuse_space', async () => {
  const path = await writeProfile({
    types: ['alloc_objects', 'alloc_space', 'inuse_objects', 'inuse_space'],
  })
  expect((await runPprofHere(['-top', path])).output).toContain('Type: inuse_space')
})

test('edges of equal size and opposite sign are in order of names', async () => {
  const folder = await temporaryDirectory()
  const [before, after] = [join(folder, 'before'), join(folder, 'after')]
  await writeFile(before, 'm;b 5\nm;a 1\nm;c 1\n')
  await writeFile(after, 'm;b 1\nm;a 5\nm;c 5\n')
  const { output } = await runPprofHere(['-tree', `-diff_base=${before}`, after])
  const callees = output.matchAll(/^ +-?4 +\S+ \| {3}(\w)$/gm)
  expect(Array.from(callees, ([, name]) => name)).toEqual(['m', 'm', 'm', 'a', 'b', 'c'])
})

test('all bases are subtracted, and with --pprof-bugs the last one', async () => {
  const folder = await temporaryDirectory()
  const [one, other] = [join(folder, 'one'), join(folder, 'other')]
  const both = join(folder, 'both')
  await writeFile(one, 'm;a 1\n')
  await writeFile(other, 'm;b 1\n')
  await writeFile(both, 'm;a 1\nm;b 1\nm;c 1\n')
  const args = ['-folded', `-base=${one}`, `-base=${other}`, both]
  expect((await runPprofHere(args)).output).toBe('m;c 1\n')
  expect((await runPprofHere(['--pprof-bugs', ...args])).output).toBe('m;a 1\nm;c 1\n')
})

test('text dumps of Go have names, and with --pprof-bugs addresses alone', async () => {
  const stdin = 'goroutine profile: total 2\n2 @ 0x10 0x20\n#\t0xf\tmain.a+0x1\ta.go:1\n'
  expect((await runPprofHere(['-top', '-'], { stdin })).output).toContain('100%  main.a\n')
  const { output } = await runPprofHere(['-traces', '-addresses', '--pprof-bugs', '-'], { stdin })
  expect(output).toContain('2   000000000000000f <unknown>\n')
  expect(output).toContain('    000000000000001f <unknown>\n')
})

interface Draft {
  readonly types?: readonly string[]
  readonly durationNs?: bigint
  readonly funcs?: readonly {
    readonly name: string
    readonly file: string
    readonly startLine: number
  }[]
}

/** A profile with one sample for each function, each of value 1. Answers its path. */
async function writeProfile({
  types = ['samples'],
  durationNs = 0n,
  funcs = [{ name: 'main.a', file: '', startLine: 0 }],
}: Draft): Promise<string> {
  const sampleTypes = types.map((type) => ({ type, unit: 'count' }))
  const builder = new ProfileBuilder({ sampleTypes, durationNs })
  const mapping = builder.mapping({ file: '/bin/app' })
  for (const { name, file, startLine } of funcs) {
    const func = builder.func({ name, systemName: name, file, startLine })
    const location = builder.location({
      mapping,
      address: 0n,
      lines: [{ func, line: 1, column: 0 }],
    })
    builder.sample({ locations: [location], values: types.map(() => 1) })
  }
  const path = join(await temporaryDirectory(), 'profile.pb')
  await writeFile(path, encodeProfile(builder.finish()))
  return path
}

/** The rows of a table, without what stands before the first column. */
async function rowsOf(args: readonly string[]): Promise<readonly string[]> {
  const { output } = await runPprofHere(args)
  const lines = output.trimEnd().split('\n')
  return lines
    .slice(lines.findIndex((line) => line.includes('flat%')) + 1)
    .map((line) => line.trim())
}

import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { runPprofHere } from '../../golden/run-pprof.ts'
import { find, lacks } from '../../requirements.ts'
import { temporaryDirectory } from '../../temporary-directory.ts'

const folder = fileURLToPath(new URL('../../fixtures/conformance/goruntime/', import.meta.url))
const cpu = join(folder, 'cpu.1.pb.gz')
const heap = join(folder, 'heap.1.pb.gz')
const kubeprof = fileURLToPath(new URL('../../../bin/kubeprof', import.meta.url))

test('a line is a report, and its filters hold for that line alone', async () => {
  const { output, exitCode } = await runShell(cpu, ['top 3 runtime -main', 'top3'])
  expect(output).toMatch(/^Active filters:\n {3}focus=runtime\n {3}ignore=main\n/)
  expect(output.match(/Active filters/g)).toHaveLength(1)
  expect(output.match(/Showing top 3 nodes/g)).toHaveLength(2)
  expect(exitCode).toBe(0)
})

test('an option holds until it is set anew, and `:` clears the filters', async () => {
  const { output } = await runShell(cpu, ['focus=runtime', 'top1', ':', 'top1'])
  expect(output.match(/focus=runtime/g)).toHaveLength(1)
})

test('the name of a sample type chooses it', async () => {
  const { errors } = await runShell(heap, ['alloc_space', 'o', 'mean_inuse_space', 'o'])
  expect(errors.match(/sample_index .*/g)?.map((line) => line.split(/\s+/)[2])).toEqual([
    'alloc_space',
    'inuse_space',
  ])
  expect(errors.match(/mean .*/g)?.map((line) => line.split(/\s+/)[2])).toEqual(['false', 'true'])
})

test('a report goes to the file after >, and the prompt says so', async () => {
  const path = join(await temporaryDirectory(), 'top.txt')
  const { output, errors } = await runShell(cpu, [`top 2 >${path}`])
  expect(output).toBe('')
  expect(errors).toContain(`Generating report in ${path}\n`)
  expect(readFileSync(path, 'utf8')).toMatch(/^Showing nodes accounting for/)
})

test.each([
  ['nonsense', 'unrecognized command: "nonsense"'],
  ['focus', 'please specify a value, e.g. focus=<val>'],
  ['focus runtime', 'did you mean: focus=runtime'],
  ['sample_index=9', 'sample_index 9 is outside the range [0..1]'],
  ['nodecount=many', 'strconv.Atoi: parsing "many": invalid syntax'],
  ['sort=up', 'invalid "sort" value "up"'],
  ['peek', 'command peek requires an argument'],
  ['peek zzz', 'no matches found for regexp: zzz'],
  ['help nothing', 'Unknown command: nothing'],
])('%s is answered, and the prompt goes on', async (line, answer) => {
  const { output, errors, exitCode } = await runShell(cpu, [line, 'top1'])
  expect(errors).toContain(`${answer}\n`)
  expect(output).toContain('flat  flat%')
  expect(exitCode).toBe(0)
})

test('nothing after quit is done', async () => {
  expect((await runShell(cpu, ['quit', 'top'])).output).toBe('')
})

test('what the command line sets holds at the prompt', async () => {
  const { output } = await runShell(cpu, ['top2'], ['-cum', '-focus=runtime'])
  expect(output).toContain('focus=runtime')
})

describe.skipIf(lacks('pprof'))("beside pprof's own prompt", () => {
  const script = `top
top3
top 5 -cum
tree 5
peek runtime
tags
traces runtime
o
lines
cum
lines=1
top3
granularity=files
sort=cum
o
functions=t
focus=(
top2
focus=
mean=maybe
divide_by=0
top
divide_by=1e-5
top2
nodefraction=abc
nodecount=4 //: four
top
nodecount=-1
:
bogus=3
unit=ms
top2
unit=minimum
relative_percentages
top 2 runtime
noinlines=y
tree 3
help top
help focus
help sample_index
comments
top 2 >

q
x`

  test.each(readdirSync(folder))('the same script prints the same about %s', async (name) => {
    const path = join(folder, name)
    const [ours, theirs] = await Promise.all([
      runProgram(kubeprof, ['pprof', path], script),
      runProgram(find('pprof') ?? '', [path], script),
    ])
    expect(ours.output).toBe(theirs.output)
    expect(sameWords(ours.errors)).toBe(sameWords(theirs.errors))
  })
})

/** Without regular expressions and divisions by zero, which pprof refuses in other words. */
function sameWords(errors: string): string {
  return errors.replaceAll(/^.*(?:regexp|divi).*\n/gm, '')
}

async function runShell(path: string, lines: readonly string[], flags: readonly string[] = []) {
  return await runPprofHere([...flags, path], { stdin: `${lines.join('\n')}\n` })
}

function runProgram(program: string, args: readonly string[], script: string) {
  return new Promise<{ output: string; errors: string }>((resolve, reject) => {
    const env = { ...process.env, TZ: 'UTC' }
    const child = execFile(program, [...args], { env }, (error, output, errors) => {
      if (error === null) resolve({ output, errors })
      else reject(error)
    })
    child.stdin?.end(`${script}\n`)
  })
}

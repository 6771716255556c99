import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { readProfile } from '../../../gzip/node.ts'
import {
  decodeProfile,
  encodeProfile,
  ProfileBuilder,
  type Profile,
} from '../../../profile/index.ts'
import { runPprofHere } from '../../golden/run-pprof.ts'
import { temporaryDirectory } from '../../temporary-directory.ts'

test('-list shows the lines of a source file with what they measured', async () => {
  const folder = await temporaryDirectory()
  mkdirSync(join(folder, 'pkg'))
  const source = Array.from({ length: 20 }, (_, line) => `line ${line + 1}`).join('\n')
  writeFileSync(join(folder, 'pkg', 'work.go'), `${source}\n`)
  const file = writeProfile(folder)
  const { output } = await runPprofHere(['-list=work', `-source_path=${folder}`, file])
  expect(output).toContain('ROUTINE ======================== work in pkg/work.go\n')
  expect(output).toContain('      30ms       30ms (flat, cum) 96.77% of Total\n')
  expect(output).toContain('         .          .      9:line 9\n')
  expect(output).toContain('      10ms       10ms     10:line 10\n')
  expect(output).toContain('      20ms       20ms     12:line 12\n')
})

test('-list says which file it does not find', async () => {
  const folder = await temporaryDirectory()
  const file = writeProfile(folder)
  const { output, exitCode } = await runPprofHere(['-list=work', `-source_path=${folder}`, file])
  expect(output).toContain(`Error: could not find file pkg/work.go on path ${folder}`)
  expect(exitCode).toBe(0)
})

test('-proto -output writes the filtered profile to a file', async () => {
  const folder = await temporaryDirectory()
  const written = join(folder, 'out.pb.gz')
  const args = ['-proto', '-focus=other', `-output=${written}`, writeProfile(folder)]
  const { output, errors } = await runPprofHere(args)
  expect(output).toBe('')
  expect(errors).toContain(`Generating report in ${written}`)
  expect(readProfile(readFileSync(written)).samples.values).toEqual([Float64Array.of(1)])
})

test('-topproto makes a sample of each row of -top', async () => {
  const folder = await temporaryDirectory()
  const written = join(folder, 'top.pb.gz')
  await runPprofHere(['-topproto', `-output=${written}`, writeProfile(folder)])
  const { sampleTypes, samples } = decodeProfile(gunzipSync(readFileSync(written)))
  expect(sampleTypes.map(({ type, unit }) => `${type}/${unit}`)).toEqual(['cum/ms', 'flat/ms'])
  expect(samples.values.map((column) => [...column])).toEqual([
    [30, 1],
    [30, 1],
  ])
})

test('-help names the reports and exits with 0', async () => {
  const { output, exitCode } = await runPprofHere(['-help'])
  expect(output).toContain('-traces')
  expect(exitCode).toBe(0)
})

test('an unknown flag is named, with the one that was meant', async () => {
  const { errors, exitCode } = await runPprofHere(['-tpo', 'cpu.pb.gz'])
  expect(errors).toContain('-tpo; did you mean -top?')
  expect(exitCode).toBe(2)
})

function writeProfile(folder: string): string {
  const path = join(folder, 'cpu.pb')
  writeFileSync(path, encodeProfile(workProfile()))
  return path
}

function workProfile(): Profile {
  const builder = new ProfileBuilder({ sampleTypes: [{ type: 'cpu', unit: 'milliseconds' }] })
  const work = builder.func({ name: 'work', file: 'pkg/work.go', startLine: 8 })
  const other = builder.func({ name: 'other', file: 'pkg/other.go' })
  const location = (func: number, line: number) => builder.location({ lines: [{ func, line }] })
  builder.sample({ locations: [location(work, 10)], values: [10] })
  builder.sample({ locations: [location(work, 12)], values: [20] })
  builder.sample({ locations: [location(other, 1)], values: [1] })
  return builder.finish()
}

test('profiles of different types are named with their types', async () => {
  const folder = fileURLToPath(new URL('../../fixtures/captures/', import.meta.url))
  const [cpu, other] = [`${folder}etcd-idle/cpu.pb.gz`, `${folder}kcm-idle/cpu.pb.gz`]
  const goroutine = `${folder}kcm-idle/goroutine.pb.gz`
  const { exitCode, errors } = await runPprofHere(['-top', cpu, other, goroutine])
  expect(exitCode).toBe(3)
  expect(errors).toBe(
    'kubeprof pprof: the profiles have no sample type in common:\n' +
      `  ${cpu}, ${other}: samples/count, cpu/nanoseconds\n  ${goroutine}: goroutine/count\n`,
  )
  const base = await runPprofHere(['-top', `-diff_base=${goroutine}`, cpu])
  expect(base.exitCode).toBe(3)
  expect(base.errors).toContain(`  ${goroutine}: goroutine/count\n`)
})

test('profiles of the same types and different periods are named with their periods', async () => {
  const folder = await temporaryDirectory()
  const paths = ['space', 'goroutine'].map((type) => {
    const sampleTypes = [{ type: 'count', unit: 'count' }]
    const builder = new ProfileBuilder({
      sampleTypes,
      periodType: { type, unit: 'count' },
      period: 1n,
    })
    const path = join(folder, type)
    writeFileSync(path, encodeProfile(builder.finish()))
    return path
  })
  const { exitCode, errors } = await runPprofHere(['-top', ...paths])
  expect(exitCode).toBe(3)
  expect(errors).toContain(`  ${paths[0]}: space/count\n  ${paths[1]}: goroutine/count\n`)
})

test('a file that cannot be written is reported in a sentence', async () => {
  const folder = await temporaryDirectory()
  const path = join(folder, 'nowhere', 'out.txt')
  const { exitCode, errors } = await runPprofHere(['-top', '-output', path, writeProfile(folder)])
  expect(errors).toContain(`no such file or directory, open '${path}'`)
  expect(exitCode).toBe(2)
})

test('a truncated text dump is reported', async () => {
  const dump = 'goroutine 1 [running]:\nmain.main()\n\t/src/main.go:3 +0x1\n\ngoroutine 2 [sle'
  const { output, errors } = await runPprofHere(['-top', '-'], { stdin: dump })
  expect(output).toContain('main.main')
  expect(errors).toContain('-: The text ends in the middle')
})

test('the profiled binary may come before the profile, and names it', async () => {
  const folder = await temporaryDirectory()
  const [binary, file] = [join(folder, 'kubelet'), writeProfile(folder)]
  writeFileSync(binary, Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0]))
  const { output, errors } = await runPprofHere(['-top', binary, file])
  expect(output).toMatch(/^File: kubelet\n/)
  expect(errors).toBe('')
  expect((await runPprofHere(['-top', binary])).exitCode).toBe(3)
})

test('-buildid is of a profile that has none', async () => {
  const file = writeProfile(await temporaryDirectory())
  expect((await runPprofHere(['-top', '-buildid=c0ffee', file])).output).toContain(
    'Build ID: c0ffee',
  )
})

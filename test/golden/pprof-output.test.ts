import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { runPprofHere } from './run-pprof.ts'

const folder = fileURLToPath(new URL('../fixtures/conformance/', import.meta.url))

interface OutputCase {
  readonly name: string
  readonly args: readonly string[]
  readonly inputs: readonly string[]
  readonly output: string
}

interface FailureCase {
  readonly name: string
  readonly args: readonly string[]
  readonly inputs: readonly string[]
  readonly exitCode: number
  readonly message: string
}

const { outputs, failures } = readCases()

/** Cases in which pprof is wrong, and the default is not. */
const BUGS = /files-columns:(?:top|tree)\.files$/

test.each(outputs)('prints what pprof prints: $name', async ({ name, args, inputs, output }) => {
  const bugs = BUGS.test(name) ? ['--pprof-bugs'] : []
  const run = await runPprofHere([...bugs, ...absoluteArgs(args, inputs)])
  expect(run.output).toBe(output)
  expect(run.exitCode).toBe(0)
})

test.each(failures)('refuses $args of $inputs', async ({ args, inputs, exitCode, message }) => {
  const run = await runPprofHere(absoluteArgs(args, inputs))
  expect(run.errors).toContain(message)
  expect(run.exitCode).toBe(exitCode)
  expect(run.output).toBe('')
})

function absoluteArgs(args: readonly string[], inputs: readonly string[]): string[] {
  const flags = args.map((arg) => arg.replace(/^(-(?:diff_)?base=)/, `$1${folder}`))
  return [...flags, ...inputs.map((input) => folder + input)]
}

function readCases(): {
  readonly outputs: readonly OutputCase[]
  readonly failures: readonly FailureCase[]
} {
  const cases: unknown = JSON.parse(readFileSync(`${folder}cases.json`, 'utf8'))
  if (!isCases(cases)) throw new Error('cases.json has another shape')
  return cases
}

function isCases(value: unknown): value is ReturnType<typeof readCases> {
  return typeof value === 'object' && value !== null && 'outputs' in value && 'failures' in value
}

import { expect, test } from 'vitest'
import { runCommand } from '../../cli/terminal/run-command.ts'
import { CommandError } from '../../cli/terminal/command-error.ts'
import { processIo } from '../../cli/terminal/process-io.ts'

async function run(fail: () => never) {
  const told: string[] = []
  const io = { ...processIo(), writeError: (text: string) => void told.push(text) }
  const exitCode = await runCommand('pprof', async () => fail(), [], io)
  return { exitCode, told: told.join('') }
}

test('what a command cannot do is told in a sentence', async () => {
  const { exitCode, told } = await run(() => {
    throw new CommandError('no profile source specified')
  })
  expect(told).toBe('kubeprof pprof: no profile source specified\n')
  expect(exitCode).toBe(2)
})

test('a bug is told in few lines, and not by the exit code of findings', async () => {
  const { exitCode, told } = await run(() => {
    throw new TypeError('x is not a function')
  })
  expect(told).toMatch(/^kubeprof pprof: a bug in kubeprof: TypeError: x is not a function\n +at /)
  expect(told.split('\n').length).toBeLessThan(10)
  expect(exitCode).toBe(70)
})

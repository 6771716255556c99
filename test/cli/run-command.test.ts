import { expect, test } from 'vitest'
import { runCommand } from '../../cli/terminal/run-command.ts'
import { CommandError } from '../../cli/terminal/command-error.ts'
import { processIo } from '../../cli/terminal/process-io.ts'

async function run(fail: () => never) {
  const printed: string[] = []
  const io = { ...processIo(), writeError: (text: string) => void printed.push(text) }
  const exitCode = await runCommand('pprof', async () => fail(), [], io)
  return { exitCode, printed: printed.join('') }
}

test('a CommandError is printed as one sentence', async () => {
  const { exitCode, printed } = await run(() => {
    throw new CommandError('no profile source specified')
  })
  expect(printed).toBe('kubeprof pprof: no profile source specified\n')
  expect(exitCode).toBe(2)
})

test('a bug is printed in few lines, with another exit code than findings', async () => {
  const { exitCode, printed } = await run(() => {
    throw new TypeError('x is not a function')
  })
  expect(printed).toMatch(
    /^kubeprof pprof: a bug in kubeprof: TypeError: x is not a function\n +at /,
  )
  expect(printed.split('\n').length).toBeLessThan(10)
  expect(exitCode).toBe(70)
})

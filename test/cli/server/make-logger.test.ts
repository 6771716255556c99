import { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { dropUnreadLines } from '../../../cli/service/observe/make-logger.ts'

const LINE = `${'x'.repeat(999)}\n`

test('lines are written as they come', () => {
  const { output, text } = openOutput()
  dropUnreadLines(output).write(LINE)
  expect(text()).toBe(LINE)
})

test('an output that is not read keeps a megabyte; later lines are dropped and counted', () => {
  const { output, text, readOn } = openOutput()
  output.cork()
  const log = dropUnreadLines(output)
  for (let line = 0; line < 2000; line++) log.write(LINE)
  expect(output.writableLength).toBeLessThan(1_050_000)
  readOn()
  log.write(LINE)
  const lines = text().trimEnd().split('\n')
  expect(JSON.parse(lines.at(-2) ?? '')).toMatchObject({
    level: 40,
    count: 2000 - (lines.length - 2),
    msg: expect.stringContaining('dropped'),
  })
})

/** An output that keeps what is written while it is corked. */
function openOutput() {
  const chunks: string[] = []
  const output = new Writable({
    write(chunk, _encoding, done) {
      chunks.push(String(chunk))
      done()
    },
  })
  return { output, text: () => chunks.join(''), readOn: () => output.uncork() }
}

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { isSmallInput } from '../../../cli/diagnose/is-small-input.ts'

const folder = mkdtempSync(join(tmpdir(), 'kubeprof-input-size-'))
afterAll(() => rmSync(folder, { recursive: true }))

function write(name: string, sizeBytes: number): string {
  const file = join(folder, name)
  writeFileSync(file, new Uint8Array(sizeBytes))
  return file
}

test('files and captures are small up to half a megabyte in all', () => {
  mkdirSync(join(folder, 'capture'))
  const [one, two] = [write('capture/cpu.pb.gz', 300 * 1024), write('two.pb.gz', 200 * 1024)]
  expect(isSmallInput([one])).toBe(true)
  expect(isSmallInput([join(folder, 'capture'), two])).toBe(true)
  expect(isSmallInput([join(folder, 'capture'), one])).toBe(false)
})

test('input of unknown size is not small', () => {
  mkdirSync(join(folder, 'nested', 'inner'), { recursive: true })
  expect(isSmallInput(['-'])).toBe(false)
  expect(isSmallInput([join(folder, 'nested')])).toBe(false)
})

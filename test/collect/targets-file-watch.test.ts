import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { watchTargetsFile } from '../../collect/schedule/targets-file-watch.ts'
import { openTestStore } from '../store/open-store.ts'
import { memoryDirectory } from '../temporary-directory.ts'

const INVALID = 'targets: 1\n'

test('a first file that is invalid is not said to leave a previous one in force', async () => {
  const { check, warnings } = await watch()
  await check(INVALID)
  expect(warnings).toEqual(['the targets file is invalid; none is in force yet'])
})

test('an invalid file leaves the previous one in force, which the log says', async () => {
  const { check, warnings } = await watch()
  await check('targets: []\n')
  await check(INVALID)
  expect(warnings).toEqual(['the targets file is invalid; the previous one stays in force'])
})

test('a file that is being written is applied once it is whole', async () => {
  const { check, names } = await watch([
    "targets: [{ name: a, kind: go, url: 'http://127.0.0.1:1' }]\n",
  ])
  await check('')
  expect(names).toEqual([['a']])
})

/** The file is rewritten with each of `writes` while it is looked at. */
async function watch(writes: string[] = []) {
  const { targets } = await openTestStore()
  const path = join(await memoryDirectory(), 'targets.yaml')
  const warnings: string[] = []
  const names: string[][] = []
  const file = watchTargetsFile({
    path,
    bytesMax: 1000,
    limits: { intervalMsMin: 1000, cpuShareMax: 1 },
    targets,
    onPlan: ({ contents }) => names.push(contents.targets.map(({ name }) => name)),
    metrics: { setReload: () => {} },
    async pause() {
      const next = writes.shift()
      if (next !== undefined) await writeFile(path, next)
    },
    log: { info: () => {}, warn: (_, text) => warnings.push(text), error: () => {} },
  })
  return {
    warnings,
    names,
    check: async (text: string) => {
      await writeFile(path, text)
      await file.check()
    },
  }
}

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

async function watch() {
  const { targets } = await openTestStore()
  const path = join(await memoryDirectory(), 'targets.yaml')
  const warnings: string[] = []
  const file = watchTargetsFile({
    path,
    bytesMax: 1000,
    limits: { intervalMsMin: 1000, cpuShareMax: 1 },
    targets,
    onPlan: () => {},
    metrics: { setReload: () => {} },
    log: { info: () => {}, warn: (_, text) => warnings.push(text), error: () => {} },
  })
  return {
    warnings,
    check: async (text: string) => {
      await writeFile(path, text)
      await file.check()
    },
  }
}

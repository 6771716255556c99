import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { temporaryDirectory } from '../../temporary-directory.ts'
import { type AcknowledgedBundle, startBundleUploaders } from './bundle-uploaders.ts'
import { CHAOS_TIMEOUT_MS, extent } from '../../extent.ts'
import { killAll, startKubeprof } from '../kubeprof-process.ts'
import { until } from '../../until.ts'

afterEach(killAll)

test(
  'kill -9 of the server while 4 clients upload bundles loses none, doubles none, leaves none half',
  async () => {
    const directory = await temporaryDirectory()
    const args = ['serve', '--port', '0', '--data', directory]
    let server = await startKubeprof(args)
    const uploaders = startBundleUploaders(4, () => server.url)
    for (let kill = 0; kill < extent(6, 60); kill++) {
      await uploaders.untilMore(4)
      await delay(Math.random() * 100)
      await server.end('SIGKILL')
      server = await startKubeprof(args)
    }
    const { acknowledged, unknownCount } = await uploaders.stop()
    expect(unknownCount).toBeGreaterThan(0)
    for (const bundle of acknowledged) expect(await faultsOf(server.url, bundle)).toEqual([])
    expect(countRows(directory)).toEqual({
      captures: acknowledged.length,
      files: 3 * acknowledged.length,
      profiles: 2 * acknowledged.length,
    })
    expect(await server.end('SIGTERM')).toBe(0)
  },
  CHAOS_TIMEOUT_MS,
)

/** What is not as it was sent, or is not judged in time. */
async function faultsOf(
  url: string,
  { id, files }: AcknowledgedBundle,
): Promise<readonly string[]> {
  const faults: string[] = []
  for (const [name, bytes] of files) {
    const response = await fetch(`${url}/api/v1/captures/${id}/files/${name}`)
    const isSame = Buffer.from(await response.arrayBuffer()).equals(Buffer.from(bytes))
    if (!isSame) faults.push(`${id} ${name} ${response.status}`)
  }
  await until(async () => {
    const text = await (await fetch(`${url}/api/v1/captures/${id}`)).text()
    return text.includes('"reportStatus":"ready"')
  })
  return faults
}

function countRows(directory: string) {
  const database = new DatabaseSync(join(directory, 'kubeprof.db'), { readOnly: true })
  const count = (query: string) => Number(database.prepare(query).get()?.['n'])
  try {
    return {
      captures: count('select count(*) as n from capture where deletedAtMs is null'),
      files: count('select count(*) as n from captureFile'),
      profiles: count('select count(*) as n from profile where captureId is not null'),
    }
  } finally {
    database.close()
  }
}

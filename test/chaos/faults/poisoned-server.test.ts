import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, expect, test } from 'vitest'
import { CHAOS_TIMEOUT_MS, isFull } from '../../extent.ts'
import { temporaryDirectory } from '../../temporary-directory.ts'
import { until } from '../../until.ts'
import { killAll, startKubeprof } from '../kubeprof-process.ts'
import { mutantEnv } from '../mutants.ts'
import { uniqueProfile } from '../unique-profile.ts'

afterEach(killAll)

const BYSTANDERS = 20
const STARTS_MAX = 10

test.skipIf(!isFull)(
  'a profile that ends the whole server is given up after some starts, and no other is',
  async () => {
    const directory = join(await temporaryDirectory(), 'data')
    const args = ['serve', '--port', '0', '--data', directory]
    const receiver = await startKubeprof([...args, '--roles', 'api'])
    for (let count = 0; count <= BYSTANDERS; count++) {
      const query = count === BYSTANDERS / 2 ? '?target=poison' : ''
      const reply = await fetch(`${receiver.url}/api/v1/profiles${query}`, {
        method: 'POST',
        body: new Uint8Array(uniqueProfile()),
        headers: { 'content-type': 'application/octet-stream' },
      })
      expect(reply.status).toBe(201)
    }
    await receiver.end('SIGTERM')
    const env = mutantEnv('profiles of the target poison end the server')
    let deathCount = 0
    for (let start = 0; start < STARTS_MAX && !isOver(directory); start++) {
      // It may end before it says that it is ready.
      const server = await startKubeprof(args, { env }).catch(() => null)
      await until(() => server?.isAlive() !== true || isOver(directory))
      if (server?.isAlive() !== true) deathCount++
      await server?.end('SIGTERM')
    }
    expect(statesIn(directory)).toEqual({ ready: BYSTANDERS, quarantined: 1 })
    expect(deathCount).toBeGreaterThanOrEqual(3)
  },
  CHAOS_TIMEOUT_MS,
)

function isOver(directory: string): boolean {
  const { received, analysing } = statesIn(directory)
  return received === undefined && analysing === undefined
}

/** How many analyses are in each state. */
function statesIn(directory: string): Readonly<Record<string, number>> {
  const database = new DatabaseSync(join(directory, 'kubeprof.db'), { readOnly: true })
  const rows = database.prepare('select state, count(*) as n from analysis group by state').all()
  database.close()
  return Object.fromEntries(rows.map(({ state, n }) => [String(state), Number(n)]))
}

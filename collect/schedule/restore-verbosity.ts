import type { RaisedVerbosity, Store } from '../../store/index.ts'
import { setVerbosity } from '../take/verbosity.ts'
import type { Log } from '../log.ts'
import type { ReachHolder } from './reach-holder.ts'

const ROWS_MAX = 20
const LEASE_MS = 30_000

export interface RestoreNeeds {
  readonly store: Pick<Store, 'targets' | 'processes'>
  readonly reach: ReachHolder
  readonly owner: string
  readonly log: Log
}

/** Restores the log levels that captures of dead collectors raised. Tries again later where it cannot. */
export async function restoreVerbosities(needs: RestoreNeeds): Promise<void> {
  for (const raised of await needs.store.processes.strandedVerbosities(ROWS_MAX)) {
    await restore(needs, raised)
  }
}

async function restore(
  { store, reach, owner, log }: RestoreNeeds,
  { key, target: name, address, level, leaseToken }: RaisedVerbosity,
): Promise<void> {
  const target = await store.targets.find(name)
  if (target === null) {
    log.warn({ target: name, key, level }, 'a log level stays raised: its target is gone')
    await store.processes.verbosityRestored(key, leaseToken)
    return
  }
  // So that no capture raises it at the same time.
  const captureId = 'verbosity'
  const wanted = { key, captureId, owner, leaseMs: LEASE_MS, clusterMax: Infinity }
  const lease = await store.processes.lease(wanted)
  if (lease === null) return
  try {
    await reach.use(async (reach) => {
      const connection = await reach.openConnection(target.spec, address)
      try {
        await setVerbosity(connection, level)
      } finally {
        connection.close()
      }
    })
    await store.processes.verbosityRestored(key, leaseToken)
    log.info({ target: name, key, level }, 'put back a log level')
  } catch (error) {
    log.warn({ err: error, target: name, key }, 'a log level could not be put back yet')
  } finally {
    await store.processes.release(lease, null)
  }
}

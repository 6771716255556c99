import { AppError } from '../../api/index.ts'
import type { FoundProcess, ProcessAddress, Store, StoredTarget } from '../../store/index.ts'
import type { Log } from '../log.ts'
import type { ReachHolder } from './reach-holder.ts'
import { withDeadline } from './with-deadline.ts'

const AT_ONCE_MAX = 16
const DISCOVERY_MS_MAX = 30_000

export interface TargetDiscoveryNeeds {
  readonly store: Pick<Store, 'targets'>
  readonly reach: ReachHolder
  readonly everyMs: number
  readonly log: Log
}

/** Discovers the processes of the targets that are due. True when there were any. */
export async function discoverTargets(
  needs: TargetDiscoveryNeeds,
  signal: AbortSignal,
): Promise<boolean> {
  const { store, everyMs } = needs
  let hasAny = false
  for (let isAll = false; !isAll && !signal.aborted;) {
    const due = await store.targets.claimDiscoveries({ limit: AT_ONCE_MAX, everyMs })
    await Promise.all(due.map((target) => discoverTarget(needs, target, signal)))
    hasAny ||= due.length > 0
    isAll = due.length < AT_ONCE_MAX
  }
  return hasAny
}

async function discoverTarget(
  { store, reach, log }: TargetDiscoveryNeeds,
  target: StoredTarget,
  signal: AbortSignal,
): Promise<void> {
  const { name } = target
  try {
    const { processes, notes } = await withDeadline(signal, DISCOVERY_MS_MAX, (limited) =>
      reach.use((reach) => reach.discoverProcesses(target.spec, limited)),
    )
    const found = processes.map((address) => foundProcess(address, target))
    await store.targets.discovered(name, found, notes.length === 0 ? null : notes.join(' '))
  } catch (error) {
    if (signal.aborted) return
    const trouble = troubleOf(error)
    if (trouble === null)
      log.error({ err: error, target: name }, 'a discovery failed with an internal error')
    // One event when the trouble begins, not one each minute.
    if (target.trouble?.code !== trouble?.code) {
      log.warn({ target: name, ...trouble }, 'the processes of a target cannot be found')
    }
    await store.targets.discoveryFailed(name, { ...(trouble ?? BROKEN), atMs: Date.now() })
  }
}

const BROKEN = {
  code: 'INTERNAL',
  message: 'The discovery failed with an internal error; see the log.',
}

/** In words, where it is an expected failure. */
export function troubleOf(error: unknown) {
  if (error instanceof AppError) return { code: error.code, message: error.message }
  if (error instanceof Error && error.name === 'TimeoutError') {
    return { code: 'TARGET_TIMEOUT', message: 'The discovery took too long.' }
  }
  return null
}

/** The row of a process; the target decides which of its group are captured at once. */
function foundProcess(
  address: ProcessAddress,
  { group, groupMax }: Pick<StoredTarget, 'group' | 'groupMax'>,
): FoundProcess {
  const { key, component, instance, cluster, route, note } = address
  return {
    key,
    component,
    instance,
    cluster,
    via: route.via,
    note,
    address,
    group,
    groupMax,
  }
}

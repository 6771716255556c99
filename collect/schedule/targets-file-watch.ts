import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import type { TargetStore } from '../../store/index.ts'
import type { ScheduleLimits } from '../targets/compile-schedule.ts'
import { readTargetsFile, type TargetsPlan } from '../targets/read-targets-file.ts'
import { faultText } from '../targets/targets-file-fault.ts'
import type { Log } from '../log.ts'
import type { CollectMetrics } from './collect-metrics.ts'

export interface FileWatchNeeds {
  readonly path: string
  readonly bytesMax: number
  readonly limits: ScheduleLimits
  readonly targets: Pick<TargetStore, 'applyFile' | 'refuseFile' | 'fileState'>
  /** Called with the plan that is now in force. */
  readonly onPlan: (plan: TargetsPlan) => void
  readonly metrics: Pick<CollectMetrics, 'setReload'>
  readonly log: Log
  /** Waits before changed content is read again. */
  readonly pause?: () => Promise<void>
}

const PAUSE_MS = 100

/** Applies the targets file whenever its content changes. */
export interface TargetsFileWatch {
  /** Checks the file. An invalid one is logged and shown in the web app, and the previous one, if any, stays in force. */
  check(): Promise<void>
  /** As `check`, also when the content is unchanged. */
  reload(): Promise<void>
}

/**
 * Compares the content, not the modification time: Kubernetes updates a mounted file by replacing a symbolic link,
 * which file watchers miss.
 */
export function watchTargetsFile(needs: FileWatchNeeds): TargetsFileWatch {
  const { path, targets, onPlan, metrics, log, pause = () => delay(PAUSE_MS) } = needs
  let seen: string | null = null

  async function refuse(faults: readonly string[]): Promise<void> {
    metrics.setReload(false, Date.now())
    const before = await targets.fileState()
    const isInForce = before !== null && before.loadedAtMs !== null
    const rest = isInForce ? 'the previous one stays in force' : 'none is in force yet'
    log.warn({ path, faults }, `the targets file is invalid; ${rest}`)
    await targets.refuseFile(path, faults)
  }

  async function look(isForced: boolean): Promise<void> {
    const { content, hash } = await readSettled()
    if (hash === seen && !isForced) return
    if ('fault' in content) {
      await refuse([content.fault])
      seen = hash
      return
    }
    const read = readTargetsFile(content.text, needs.limits)
    if ('faults' in read) {
      await refuse(read.faults.map((fault) => faultText(path, fault)))
      seen = hash
      return
    }
    onPlan(read.plan)
    await targets.applyFile(path, read.plan.contents)
    // Only now, so that a failed write is tried again.
    seen = hash
    metrics.setReload(true, Date.now())
    const { length: targetCount } = read.plan.contents.targets
    log.info({ path, targetCount }, 'the targets file is in force')
  }

  /** Changed content once it stays the same: an editor empties the file first, which would remove all targets. */
  async function readSettled() {
    let last = await readContent(needs)
    while (last.hash !== seen) {
      await pause()
      const next = await readContent(needs)
      if (next.hash === last.hash) break
      last = next
    }
    return last
  }

  return { check: () => look(false), reload: () => look(true) }
}

async function readContent(needs: FileWatchNeeds) {
  const content = await contentOf(needs)
  const hash = createHash('sha256').update(JSON.stringify(content)).digest('hex')
  return { content, hash }
}

async function contentOf({
  path,
  bytesMax,
}: FileWatchNeeds): Promise<{ readonly text: string } | { readonly fault: string }> {
  try {
    const { size } = await stat(path)
    if (size > bytesMax) return { fault: `${path}:1:1: is larger than ${bytesMax} bytes` }
    return { text: await readFile(path, 'utf8') }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'
    return { fault: `${path}:1:1: cannot be read (${code})` }
  }
}

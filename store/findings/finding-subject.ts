import { createHash } from 'node:crypto'

/** What identifies a process, as far as it is known. */
export interface FindingSubject {
  readonly space: string
  readonly cluster: string | null
  readonly component: string | null
  readonly target: string | null
  readonly instance: string | null
  /** The process key of ProcessAddress; null for what was uploaded. */
  readonly processKey: string | null
}

/** The id of its row, whether there is one yet or not. */
export function subjectIdOf(subject: FindingSubject): string {
  const { space, cluster, component, target, instance, processKey } = subject
  const isPlaced = target !== null || instance !== null
  const identity = processKey ?? [cluster, target, instance, isPlaced ? null : component]
  return createHash('sha256')
    .update(JSON.stringify([space, identity]))
    .digest('hex')
    .slice(0, 32)
}

import type { Subject } from './subject.ts'

const START_SECONDS = 600

/** While a process starts it does what it does at no other time. False where it is not known since when it runs. */
export function isStarting({ uptimeSeconds }: Pick<Subject, 'uptimeSeconds'>): boolean {
  return uptimeSeconds !== null && uptimeSeconds < START_SECONDS
}

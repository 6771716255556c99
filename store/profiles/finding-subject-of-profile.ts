import { DEFAULT_SPACE } from '../../api/index.ts'
import type { FindingSubject } from '../findings/finding-subject.ts'
import type { ProfileSource } from './profile-store.ts'

/** Whether findings of a lone profile are followed: those of an unknown process are not. */
export function isFollowed({ component, target, instance }: ProfileSource): boolean {
  return target !== null || instance !== null || component !== null
}

export function subjectOf(source: ProfileSource): FindingSubject {
  const { space = DEFAULT_SPACE, cluster, component, target, instance } = source
  return { space, cluster, component, target, instance, processKey: null }
}

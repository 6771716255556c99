import type { FindingSummary } from '../../api/index.ts'

/** The group of a finding, to show beside its title; `null` where the title names it. */
export function groupBeside({
  title,
  group,
}: Pick<FindingSummary, 'title' | 'group'>): string | null {
  return group === null || title.includes(group) ? null : group
}

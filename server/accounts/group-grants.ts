import { EVERY_SPACE } from '../../api/index.ts'
import type { AccountsOptions } from '../accounts-options.ts'
import type { Grant } from './caller.ts'

/** The roles that groups of an identity provider or proxy give, by the settings. */
export function grantsOfGroups(
  groups: readonly string[],
  { groupRoles }: Pick<AccountsOptions, 'groupRoles'>,
): readonly Grant[] {
  return groupRoles
    .filter(({ group }) => groups.includes(group))
    .map(({ role, space = EVERY_SPACE }) => ({ role, space }))
}

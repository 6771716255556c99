import { DEFAULT_SPACE } from '../api/index.ts'

/** Names of targets and spaces never hold it. */
const SEPARATOR = '/'

/**
 * The key of a target's row: its name is unique in its space. In the default space the key is the
 * name, as it was before there were spaces.
 */
export function targetKey(space: string, name: string): string {
  return space === DEFAULT_SPACE ? name : `${space}${SEPARATOR}${name}`
}

/** The name of a target without its space. */
export function targetName(key: string): string {
  return key.slice(key.indexOf(SEPARATOR) + 1)
}

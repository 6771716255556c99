import type { CompareNote } from './over-time.ts'

type Components = readonly (string | null)[]

/** What to know of a comparison of two components; `null` where both sides are of the same, or one is not known. */
export function componentsNote(before: Components, after: Components): CompareNote | null {
  const [first, second] = [namesOf(before), namesOf(after)]
  if (first === '' || second === '' || first === second) return null
  return {
    code: 'components_differ',
    text: `The first is of ${first}, the second of ${second}: most of what differs is what one of them does and the other does not.`,
    textZh: `前者属于 ${first}，后者属于 ${second}：大部分差别来自只有其中一个组件才做的工作。`,
  }
}

function namesOf(components: Components): string {
  return [...new Set(components.filter((one) => one !== null))].toSorted().join(', ')
}

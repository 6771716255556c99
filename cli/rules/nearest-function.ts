import { packageOf, type SymbolInventory } from '../../diagnosis/symbols.ts'
import { nearestWord } from '../terminal/nearest-word.ts'

/** The known function that a name probably meant, or `null`: in its package, in one spelt like it, or anywhere. */
export function nearestFunction(name: string, { packages }: SymbolInventory): string | null {
  const path = packageOf(name)
  const local = name.slice(path.length + 1)
  const namesIn = (known: string) => packages.get(known)?.groups.flatMap(({ names }) => names) ?? []
  const nearPath = packages.has(path) ? path : nearestWord(path, [...packages.keys()])
  if (nearPath !== null) {
    const near = nearestWord(local, namesIn(nearPath))
    if (near !== null) return `${nearPath}.${near}`
  }
  const twins = [...packages.keys()].filter((known) => namesIn(known).includes(local))
  const twin = nearestWord(path, twins) ?? (twins.length === 1 ? twins[0] : null)
  return twin === null ? null : `${twin}.${local}`
}

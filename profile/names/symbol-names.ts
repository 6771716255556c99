import { cutCppArguments, isGoGeneric } from './func-name.ts'
import type { Profile } from '../types.ts'

/** How `-symbolize` asks for names. https://github.com/google/pprof/blob/main/internal/symbolizer/symbolizer.go */
export interface SymbolNameOptions {
  /** What goes from names that are taken for C++. */
  readonly demangle: 'arguments and templates' | 'arguments' | 'nothing'
  /** Whether names of generic functions of Go are taken for C++ too, as pprof does. */
  readonly cutsGoNames: boolean
  /** Also of functions that have another name than the system's. */
  readonly isForced: boolean
}

/** The profile with names as pprof shows them. */
export function showSymbolNames(profile: Profile, options: SymbolNameOptions): Profile {
  const { funcs, strings } = profile
  const added = new Map<string, number>()
  const indexOf = (text: string) => {
    const index = added.get(text) ?? strings.length + added.size
    added.set(text, index)
    return index
  }
  const shown = new Map<number, number>()
  const showName = (systemName: number) => {
    const known = shown.get(systemName)
    if (known !== undefined) return known
    const name = strings[systemName]
    const isKept = !options.cutsGoNames && isGoGeneric(name)
    const text = isKept ? name : cutCppArguments(name, options.demangle)
    const index = text === name ? systemName : indexOf(text)
    shown.set(systemName, index)
    return index
  }
  const name = funcs.name.map((index, func) => {
    const systemName = funcs.systemName[func]
    const isSystemName = strings[index] === '' || strings[index] === strings[systemName]
    const isReset = options.isForced && strings[systemName] !== ''
    return isSystemName || isReset ? showName(systemName) : index
  })
  return { ...profile, strings: [...strings, ...added.keys()], funcs: { ...funcs, name } }
}

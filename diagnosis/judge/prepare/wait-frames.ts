import { type FuncIndex, NONE, type Profile, type StackIndex } from '../../../profile/index.ts'
import type { WaitLabels } from './wait-labels.ts'

/** What a goroutine in this state stands in. Dumps leave out frames of the runtime, binary profiles have them. */
const FUNC_OF_STATE: Readonly<Record<string, string>> = {
  'chan send': 'runtime.chansend',
  'chan send (nil chan)': 'runtime.chansend',
  'chan receive': 'runtime.chanrecv',
  'chan receive (nil chan)': 'runtime.chanrecv',
  select: 'runtime.selectgo',
  'select (no cases)': 'runtime.block',
}

/** The profile with the runtime's frame in which each goroutine waits at its leaf, so that patterns fit all formats. */
export function addWaitFrames(profile: Profile, { states }: WaitLabels): Profile {
  const { samples, stacks } = profile
  const parents: StackIndex[] = []
  const names: string[] = []
  const nameOfStack: number[] = []
  const rows = new Map<string, StackIndex>()
  const stack = samples.stack.map((leaf, sample) => {
    const name = Object.hasOwn(FUNC_OF_STATE, states[sample]) ? FUNC_OF_STATE[states[sample]] : null
    if (name === null || leaf === NONE || isInRuntime(profile, leaf)) return leaf
    const key = `${leaf} ${name}`
    const known = rows.get(key)
    if (known !== undefined) return known
    const row = stacks.length + parents.length
    rows.set(key, row)
    parents.push(leaf)
    if (!names.includes(name)) names.push(name)
    nameOfStack.push(names.indexOf(name))
    return row
  })
  if (parents.length === 0) return profile
  const named = withFuncs(profile, names)
  const frameOf = (row: number) => profile.frames.length + row
  return {
    ...named,
    stacks: {
      length: stacks.length + parents.length,
      parent: Int32Array.from([...stacks.parent, ...parents]),
      frame: Uint32Array.from([...stacks.frame, ...nameOfStack.map(frameOf)]),
    },
    samples: { ...samples, stack },
  }
}

function isInRuntime({ stacks, frames, funcs, strings }: Profile, leaf: StackIndex): boolean {
  const func: FuncIndex = frames.func[stacks.frame[leaf]]
  return func !== NONE && strings[funcs.name[func]].startsWith('runtime.')
}

/** A function, a location and a frame more for each name. */
function withFuncs(profile: Profile, names: readonly string[]): Profile {
  const { strings, funcs, locations, frames } = profile
  const zeros = names.map(() => 0)
  const rowsFrom = (start: number) => names.map((_, row) => start + row)
  return {
    ...profile,
    strings: [...strings, ...names],
    funcs: {
      length: funcs.length + names.length,
      name: Uint32Array.from([...funcs.name, ...rowsFrom(strings.length)]),
      systemName: Uint32Array.from([...funcs.systemName, ...rowsFrom(strings.length)]),
      file: Uint32Array.from([...funcs.file, ...zeros]),
      startLine: Float64Array.from([...funcs.startLine, ...zeros]),
    },
    locations: {
      length: locations.length + names.length,
      mapping: Int32Array.from([...locations.mapping, ...names.map(() => NONE)]),
      address: BigUint64Array.from([...locations.address, ...names.map(() => 0n)]),
      isFolded: Uint8Array.from([...locations.isFolded, ...zeros]),
      frameStart: Uint32Array.from([...locations.frameStart, ...rowsFrom(frames.length + 1)]),
    },
    frames: {
      length: frames.length + names.length,
      location: Uint32Array.from([...frames.location, ...rowsFrom(locations.length)]),
      func: Int32Array.from([...frames.func, ...rowsFrom(funcs.length)]),
      line: Float64Array.from([...frames.line, ...zeros]),
      column: Float64Array.from([...frames.column, ...zeros]),
    },
  }
}

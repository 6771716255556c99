import { NONE } from '../types.ts'
import type { FrameIndex, Profile } from '../types.ts'

/** A row of a call tree's `names`. */
export type NameIndex = number

/** What distinguishes frames; the words are `pprof`'s. */
export type Granularity = 'functions' | 'filefunctions' | 'files' | 'lines' | 'addresses'

/** What each frame is called in a view. Frames of one name are one node of the call tree. */
export interface FrameNames {
  readonly names: readonly string[]
  /** For each frame a row of `names`, or `NONE` for a frame that is left out. */
  readonly frameName: Int32Array
}

export interface FrameNamesOptions {
  readonly granularity: Granularity
  /** False leaves out inlined frames; what they measured goes to the function that holds them. */
  readonly hasInlines: boolean
  /** The display name of each function. */
  readonly funcNames: readonly string[]
}

/** Names every frame of the profile. */
export function nameFrames(profile: Profile, options: FrameNamesOptions): FrameNames {
  const { frames, locations } = profile
  const names = new NameTable()
  const frameName = new Int32Array(frames.length).fill(NONE)
  const isByFunc = options.granularity === 'functions'
  const nameOfFunc = new Int32Array(profile.funcs.length).fill(NONE)
  for (let frame = 0; frame < frames.length; frame++) {
    if (!options.hasInlines && locations.frameStart[frames.location[frame]] !== frame) continue
    const func = frames.func[frame]
    if (!isByFunc || func === NONE) {
      frameName[frame] = names.indexOf(frameText(profile, options, frame))
      continue
    }
    if (nameOfFunc[func] === NONE) {
      nameOfFunc[func] = names.indexOf(options.funcNames[func] || unknownName(profile, frame))
    }
    frameName[frame] = nameOfFunc[func]
  }
  return { names: names.names, frameName }
}

class NameTable {
  readonly names: string[] = []
  readonly #indexes = new Map<string, NameIndex>()

  indexOf(name: string): NameIndex {
    const known = this.#indexes.get(name)
    if (known !== undefined) return known
    this.#indexes.set(name, this.names.length)
    return this.names.push(name) - 1
  }
}

function frameText(profile: Profile, options: FrameNamesOptions, frame: FrameIndex): string {
  const { frames, funcs, strings } = profile
  const func = frames.func[frame]
  const name = func === NONE ? '' : options.funcNames[func]
  const file = func === NONE ? '' : strings[funcs.file[func]]
  switch (options.granularity) {
    case 'files':
      return file || unknownName(profile, frame)
    case 'filefunctions':
      return joinKnown([name, file]) || unknownName(profile, frame)
    case 'lines':
      return joinKnown([name, withLine(profile, file, frame)]) || unknownName(profile, frame)
    case 'addresses':
      return joinKnown([addressText(profile, frame), name, withLine(profile, file, frame)])
    default:
      return name || unknownName(profile, frame)
  }
}

function joinKnown(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(' ')
}

function withLine(profile: Profile, file: string, frame: FrameIndex): string {
  const line = profile.frames.line[frame]
  return file === '' || line === 0 ? file : `${file}:${line}`
}

function addressText(profile: Profile, frame: FrameIndex): string {
  const address = profile.locations.address[profile.frames.location[frame]]
  return address.toString(16).padStart(16, '0')
}

/** As `pprof` prints a frame without symbols: by the file it is mapped from. */
function unknownName(profile: Profile, frame: FrameIndex): string {
  const mapping = profile.locations.mapping[profile.frames.location[frame]]
  const file = mapping === NONE ? '' : profile.strings[profile.mappings.file[mapping]]
  return file === '' ? '<unknown>' : `[${file.slice(file.lastIndexOf('/') + 1)}]`
}

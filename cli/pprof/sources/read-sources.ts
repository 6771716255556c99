import { inflateProfile, type ReadOptions } from '../../../gzip/index.ts'
import { gunzip, inflateAhead, mergeProfile, readProfile } from '../../../gzip/node.ts'
import {
  baseName,
  combineProfiles,
  dropFrames,
  encodeProfile,
  type PlaceIds,
  type Profile,
  ProfileFormatError,
  ProfileMerger,
  readPlaceIds,
  ReportError,
  showSymbolNames,
  subtractProfile,
  type SymbolNameOptions,
  withBinary,
  withoutUrlFiles,
  withMapping,
} from '../../../profile/index.ts'
import type { CommandIo } from '../../terminal/command-io.ts'
import { patternCompiler } from '../../terminal/compile-pattern.ts'
import type { PprofFlags } from '../flags/pprof-flags.ts'
import { type ReadSourceBytes, type SourceBytes, sourceBytesReader } from './read-source-bytes.ts'

/** Profiles up to this total size are printed before V8's optimised code would be ready. */
const SHORT_RUN_BYTES_MAX = 200 * 1024

export interface Sources {
  readonly profile: Profile
  /** The ids in the file, where there is only one source and they were requested. */
  readonly placeIds: PlaceIds | null
}

/**
 * The one profile that the sources make, minus its base, with names as pprof shows them. Reports and leaves out sources
 * that cannot be read. Null, after a report, where no source is left or the sources do not fit together.
 */
export async function readSources(
  flags: PprofFlags,
  io: CommandIo,
  { keepsIds }: { readonly keepsIds: boolean },
): Promise<Sources | null> {
  const { sources, lists, texts, switches } = flags
  const bases = [...(lists.get('diff_base') ?? []), ...(lists.get('base') ?? [])]
  const hasBugs = switches.get('pprof-bugs') === true
  const baseSources = (hasBugs ? bases.slice(-1) : bases).filter((source) => source !== '')
  const readBytes = sourceBytesReader(flags, io)
  const read = await readAll({ sources, base: baseSources, readBytes }, io)
  const combined = await combineRead(read, flags, { io, keepsIds })
  if (combined === null) return null
  printWarnings(combined.profile, sources, io)
  const named = showNames(combined.profile, texts.get('symbolize') ?? '', hasBugs)
  const kept = switches.get('all_frames') === true ? named : await dropUninteresting(named)
  const whole = withoutUrlFiles(kept)
  const comment = texts.get('add_comment') ?? ''
  const profile = comment === '' ? whole : { ...whole, comments: [...whole.comments, comment] }
  if (read.isFetched) await saveFetched(profile, io)
  return { profile, placeIds: combined.placeIds }
}

/** Oddities that did not prevent reading: names that are not UTF-8, a truncated text dump. */
function printWarnings({ warnings }: Profile, sources: readonly string[], io: CommandIo): void {
  const from = sources.length === 1 ? `${sources[0]}: ` : ''
  for (const text of new Set(warnings.map((warning) => warning.text))) {
    io.writeError(`kubeprof pprof: ${from}${text}\n`)
  }
}

/** Null, after a report, where no source is left or the sources are of different types. */
async function combineRead(
  { sources, base: baseSources, hasBase }: ReadSources,
  { lists, switches, texts, binary: file }: PprofFlags,
  { io, keepsIds }: { readonly io: CommandIo; readonly keepsIds: boolean },
): Promise<Sources | null> {
  try {
    const buildId = texts.get('buildid') ?? ''
    const binary = file === null && buildId === '' ? null : { file: file ?? '', buildId }
    const read = { isAsPprof: true, losesDumpNames: switches.get('pprof-bugs') === true }
    const merged = await combineSources(sources, { io, keepsIds, binary, read })
    const base = await combineSources(baseSources, { io, keepsIds: false, binary, read })
    if (merged === null || (hasBase && base === null)) return null
    if (base === null) return merged
    const profile = subtractProfile(merged.profile, base.profile, {
      marksBase: lists.has('diff_base'),
      normalizes: switches.get('normalize') === true,
    })
    return { profile, placeIds: null }
  } catch (error) {
    if (!(error instanceof ReportError || error instanceof ProfileFormatError)) throw error
    const { explainSourceTypes } = await import('./explain-source-types.ts')
    const types = explainSourceTypes([...sources, ...baseSources])
    io.writeError(`kubeprof pprof: ${error.message}:\n${types}`)
    return null
  }
}

interface SourceNames {
  readonly sources: readonly string[]
  readonly base: readonly string[]
  readonly readBytes: ReadSourceBytes
}

interface ReadSources {
  readonly sources: readonly SourceBytes[]
  readonly base: readonly SourceBytes[]
  /** Whether a base was asked for. */
  readonly hasBase: boolean
  /** Whether one of them comes from the network. */
  readonly isFetched: boolean
}

/** Reads all: their total size decides how to decode. */
async function readAll(
  { sources, base, readBytes }: SourceNames,
  io: CommandIo,
): Promise<ReadSources> {
  const [sourceBytes, baseBytes] = await Promise.all([readBytes(sources), readBytes(base)])
  let sizeBytes = 0
  for (const { bytes } of [...sourceBytes, ...baseBytes]) sizeBytes += bytes.length
  if (sizeBytes <= SHORT_RUN_BYTES_MAX) io.expectShortRun?.()
  return {
    sources: sourceBytes,
    base: baseBytes,
    hasBase: base.length > 0,
    isFetched: [...sourceBytes, ...baseBytes].some(({ isFetched }) => isFetched),
  }
}

/** Saves what was fetched, as pprof does. */
async function saveFetched(profile: Profile, io: CommandIo): Promise<void> {
  const { mappings, strings, sampleTypes } = profile
  const [fileName] = mappings.file
  const file = fileName === undefined ? '' : (strings[fileName] ?? '')
  const { saveProfile } = await import('./save-profile.ts')
  saveProfile(encodeProfile(profile), [baseName(file), ...sampleTypes.map(({ type }) => type)], io)
}

/** The profile that these sources make, with the ids in the file of a single one. Null where none can be read. */
async function combineSources(
  read: readonly SourceBytes[],
  options: DecodeAllOptions,
): Promise<Sources | null> {
  const isMergedAlike = read.length > 1 && options.binary === null
  const merged = isMergedAlike ? await mergeSameTypes(read, options) : null
  if (merged !== null) return { profile: merged, placeIds: null }
  const decoded = decodeAll(read, options)
  if (decoded.length <= 1) return decoded[0] ?? null
  return { profile: combineProfiles(decoded.map(({ profile }) => profile)), placeIds: null }
}

/**
 * Merges the sources one after the other, holding only one decoded at a time. Null where their types differ, a type
 * occurs twice, or there is nothing to merge.
 */
async function mergeSameTypes(
  read: readonly SourceBytes[],
  { io, read: options }: DecodeAllOptions,
): Promise<Profile | null> {
  const merger = new ProfileMerger()
  const faults: [ProfileFormatError, string][] = []
  let index = 0
  for await (const bytes of inflateAhead(read.map((source) => source.bytes))) {
    const source = read[index++]?.source ?? ''
    try {
      mergeProfile(merger, bytes, options)
    } catch (error) {
      if (!(error instanceof ProfileFormatError)) throw error
      if (error.reason === 'incompatible') return null
      faults.push([error, source])
    }
  }
  if (read.length - faults.length < 2) return null
  const merged = merger.finish()
  const types = new Set(merged.sampleTypes.map(({ type }) => type))
  if (types.size === 0 || types.size < merged.sampleTypes.length) return null
  for (const [error, source] of faults) printFault(error, source, io)
  return merged
}

interface DecodeAllOptions {
  readonly io: CommandIo
  readonly keepsIds: boolean
  readonly read: ReadOptions
  /** The flags about the main binary, `''` for each absent one; null where all are absent. */
  readonly binary: { readonly file: string; readonly buildId: string } | null
}

function decodeAll(
  read: readonly SourceBytes[],
  { io, keepsIds, binary, read: options }: DecodeAllOptions,
): Sources[] {
  const decoded: Sources[] = []
  for (const { source, bytes } of read) {
    try {
      const own = withMapping(readProfile(bytes, options))
      const profile = binary === null ? own : withBinary(own, binary)
      decoded.push({ profile, placeIds: keepsIds ? idsOf(bytes) : null })
    } catch (error) {
      printFault(error, source, io)
    }
  }
  return decoded
}

/** Null where the file was not profile.proto. */
function idsOf(bytes: Uint8Array): PlaceIds | null {
  try {
    return readPlaceIds(inflateProfile(bytes, gunzip).bytes)
  } catch (error) {
    if (error instanceof ProfileFormatError) return null
    throw error
  }
}

/** Rethrows errors of kubeprof itself. */
function printFault(error: unknown, source: string, io: CommandIo): void {
  if (!(error instanceof ProfileFormatError)) throw error
  io.writeError(`kubeprof pprof: ${source}: ${error.message}\n`)
}

/** Reads `-symbolize`, of which only the names apply: kubeprof does not read binaries. */
function showNames(profile: Profile, symbolize: string, cutsGoNames: boolean): Profile {
  const words = symbolize.toLowerCase().split(':')
  if (words.includes('none') || words.includes('no')) return profile
  const demangle = words.findLast((word) => /^demangle=(full|none|templates)$/.test(word))
  const isForced = demangle !== undefined || words.includes('force')
  const cut = NAME_CUTS[demangle ?? ''] ?? 'nothing'
  return showSymbolNames(profile, { isForced, demangle: cut, cutsGoNames })
}

const NAME_CUTS: Readonly<Record<string, SymbolNameOptions['demangle']>> = {
  '': 'arguments and templates',
  'demangle=templates': 'arguments',
}

/** Cuts stacks at the frames that the profile's drop_frames pattern matches. An invalid pattern cuts nothing. */
async function dropUninteresting(profile: Profile): Promise<Profile> {
  const { dropFrames: drop, keepFrames: keep } = profile
  // pprof ignores a pattern that is not UTF-8.
  const isDamaged = profile.warnings.some(({ code }) => code === 'invalid_utf8')
  if (drop === '' || (isDamaged && (drop + keep).includes('\ufffd'))) return profile
  const [dropSource, keepSource] = [`^(${drop})$`, `^(${keep})$`]
  const compile = await patternCompiler([dropSource, ...(keep === '' ? [] : [keepSource])])
  const patternOf = (source: string) => compile(source, 'drop_frames')
  try {
    return dropFrames(profile, patternOf(dropSource), keep === '' ? null : patternOf(keepSource))
  } catch {
    return profile
  }
}

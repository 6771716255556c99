import { readFileSync } from 'node:fs'
import { readProfile } from '../gzip/node.ts'
import {
  combineProfiles,
  dropFrames,
  type Profile,
  ProfileFormatError,
  showSymbolNames,
  subtractProfile,
  type SymbolNameOptions,
  withMapping,
} from '../profile/index.ts'
import type { CommandIo } from './command-io.ts'
import { patternCompiler } from './compile-pattern.ts'
import type { PprofFlags } from './pprof-flags.ts'

/**
 * The one profile that the sources make, less its base, with names as pprof shows them. A source that cannot be read
 * is told of and left out; null where that leaves nothing. Throws a ReportError where sources do not fit together.
 */
export async function readSources(flags: PprofFlags, io: CommandIo): Promise<Profile | null> {
  const { sources, lists, texts, switches } = flags
  const base = [...(lists.get('diff_base') ?? []), ...(lists.get('base') ?? [])].filter(
    (source) => source !== '',
  )
  const profiles = await readAll(sources, io)
  const bases = await readAll(base, io)
  if (profiles.length === 0 || (base.length > 0 && bases.length === 0)) return null
  const merged = combineProfiles(profiles)
  const compared =
    bases.length === 0
      ? merged
      : subtractProfile(merged, combineProfiles(bases), {
          marksBase: lists.has('diff_base'),
          normalizes: switches.get('normalize') === true,
        })
  const named = showNames(compared, texts.get('symbolize') ?? '')
  const whole = switches.get('all_frames') === true ? named : await dropUninteresting(named)
  const comment = texts.get('add_comment') ?? ''
  return comment === '' ? whole : { ...whole, comments: [...whole.comments, comment] }
}

async function readAll(sources: readonly string[], io: CommandIo): Promise<Profile[]> {
  const profiles: Profile[] = []
  for (const source of sources) {
    try {
      profiles.push(withMapping(readProfile(await readSource(source, io), { isAsPprof: true })))
    } catch (error) {
      const reason = reasonOf(error)
      if (reason === null) throw error
      io.writeError(`kubeprof pprof: ${source}: ${reason}\n`)
    }
  }
  return profiles
}

async function readSource(source: string, io: CommandIo): Promise<Uint8Array> {
  if (source !== '-') return readFileSync(source)
  const chunks: Uint8Array[] = []
  for await (const chunk of io.stdin()) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** What is wrong with a source, or null for errors that are ours. */
function reasonOf(error: unknown): string | null {
  if (error instanceof ProfileFormatError) return error.message
  if (error instanceof Error && 'code' in error) return error.message
  return null
}

/** Reads `-symbolize`, of which names alone are ours: we look into no binaries. */
function showNames(profile: Profile, symbolize: string): Profile {
  const words = symbolize.toLowerCase().split(':')
  if (words.includes('none') || words.includes('no')) return profile
  const demangle = words.findLast((word) => /^demangle=(full|none|templates)$/.test(word))
  const isForced = demangle !== undefined || words.includes('force')
  return showSymbolNames(profile, { isForced, demangle: NAME_CUTS[demangle ?? ''] ?? 'nothing' })
}

const NAME_CUTS: Readonly<Record<string, SymbolNameOptions['demangle']>> = {
  '': 'arguments and templates',
  'demangle=templates': 'arguments',
}

/** Cuts stacks at the frames that the profile itself says are of no interest. A pattern that is none cuts nothing. */
async function dropUninteresting(profile: Profile): Promise<Profile> {
  const { dropFrames: drop, keepFrames: keep } = profile
  if (drop === '') return profile
  const sources = [`^(${drop})$`, ...(keep === '' ? [] : [`^(${keep})$`])]
  const compile = await patternCompiler(sources)
  try {
    const [dropped, kept = null] = sources.map((source) => compile(source, 'drop_frames'))
    return dropFrames(profile, dropped, kept)
  } catch {
    return profile
  }
}

import { mergeProfiles } from '../combine/merge-profiles.ts'
import { printedGraph } from './printed-graph.ts'
import { printedRaw } from './printed-raw.ts'
import { printedTraces } from './printed-traces.ts'
import { ProfileFormatError } from '../profile-format-error.ts'
import { DEFAULT_PROFILE_LIMITS, type ProfileLimits } from '../decode/profile-limits.ts'
import type { Profile } from '../types.ts'
import { decodeUtf8Lenient, isTextStart } from '../columns/utf8.ts'

/** Header lines, and the messages that pprof prints before them, are short. */
const HEAD_LENGTH_MAX = 64 * 1024

/**
 * Reads the output of pprof -raw, -traces, -tree, -peek or -top, which people paste instead of a profile. Only -raw has
 * all of a profile; the others get a warning that says what is missing: `partial_stacks` where whole stacks are, else
 * `partial_text`. Returns `null` for other bytes.
 */
export function decodePrintedReport(
  bytes: Uint8Array,
  limits: Partial<ProfileLimits> = {},
): Profile | null {
  if (!isTextStart(bytes)) return null
  const head = decodeUtf8Lenient(bytes, 0, Math.min(bytes.length, HEAD_LENGTH_MAX))
  const form = FORMS.find(({ mark }) => mark.test(head))
  if (form === undefined) return null
  const text = decodeUtf8Lenient(bytes, 0, bytes.length).replaceAll('\r\n', '\n')
  const profile = form.read(text)
  if (profile === null) return null
  const { samplesMax } = { ...DEFAULT_PROFILE_LIMITS, ...limits }
  if (profile.samples.length > samplesMax) {
    throw new ProfileFormatError('samples', `the text has more than ${samplesMax} samples`)
  }
  const warning = { code: form.hasStacks ? 'partial_text' : 'partial_stacks', text: form.lacks }
  return { ...mergeProfiles([profile]), warnings: [...profile.warnings, warning] }
}

const FORMS: readonly {
  /** A line that no other text has. */
  readonly mark: RegExp
  readonly read: (text: string) => Profile | null
  readonly lacks: string
  readonly hasStacks: boolean
}[] = [
  {
    mark: /^Samples:[ \r]*\n\S+\/\S+/m,
    read: printedRaw,
    lacks:
      'This is the text of pprof -raw: all of the profile, but labels with blanks in them are ambiguous.',
    hasStacks: true,
  },
  {
    mark: /^-{11}\+-{20}/m,
    read: printedTraces,
    lacks:
      'This is the text of pprof -traces: one sample type, with rounded values and without addresses.',
    hasStacks: true,
  },
  {
    mark: /^[ \t]+flat +flat% +sum% +cum +cum%.*context/m,
    read: printedGraph,
    lacks:
      'This is the text of pprof -tree or -peek: stacks are put together from who calls whom, and what it left out is missing. Take the profile itself to be sure.',
    hasStacks: false,
  },
  {
    mark: /^[ \t]+flat +flat% +sum% +cum +cum%\s*$/m,
    read: printedGraph,
    lacks:
      'This is the text of pprof -top: functions without their callers, and what it left out is missing. Rules that ask who calls whom cannot judge it: take the profile itself.',
    hasStacks: false,
  },
]

import type { RangeMoversReply, RangeOutliersReply, RangeSeriesReply } from '../../api/index.ts'
import { textAt } from '../../api/json-value.ts'
import { readProfile } from '../../gzip/node.ts'
import type { Profile } from '../../profile/index.ts'
import { CommandError } from '../terminal/command-error.ts'

export interface RangeQuestion {
  readonly server: string
  readonly token: string | null
  /** The parameters of `/api/v1/range/raw`, or of the table. */
  readonly parameters: Readonly<Record<string, string>>
}

/** Answers of a server as JSON. */
interface Tables {
  readonly series: RangeSeriesReply
  readonly movers: RangeMoversReply
  readonly outliers: RangeOutliersReply
}

/** A table of a range of a server's history. `refusal` is the server's message. */
export async function fetchTable<Name extends keyof Tables>(
  name: Name,
  question: RangeQuestion,
): Promise<{ readonly reply: Tables[Name] } | { readonly refusal: string }> {
  const response = await ask(name, question)
  if (!response.ok) return refusalOf(response)
  // It is the server of this release, or one whose shapes grew.
  // oxlint-disable-next-line no-unsafe-type-assertion
  return { reply: (await response.json()) as Tables[Name] }
}

/** A range of a server's history. `refusal` is the server's message. */
export async function fetchRange(
  question: RangeQuestion,
): Promise<
  { readonly profile: Profile; readonly bytes: Uint8Array } | { readonly refusal: string }
> {
  const response = await ask('raw', question)
  if (!response.ok) return refusalOf(response)
  const bytes = new Uint8Array(await response.arrayBuffer())
  return { profile: readProfile(bytes), bytes }
}

async function ask(name: string, { server, token, parameters }: RangeQuestion): Promise<Response> {
  const url = new URL(`/api/v1/range/${name}`, server)
  for (const [key, value] of Object.entries(parameters)) url.searchParams.set(key, value)
  const headers = token === null ? {} : { authorization: `Bearer ${token}` }
  return fetch(url, { headers }).catch((error: unknown) => {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new CommandError(`${url.origin} does not answer: ${why}`, 3)
  })
}

async function refusalOf(response: Response): Promise<{ readonly refusal: string }> {
  const reply: unknown = await response.json().catch(() => null)
  const message = textAt(reply, 'error', 'message')
  const origin = new URL(response.url).origin
  return { refusal: message ?? `${origin} answered ${response.status}, not as kubeprof does` }
}

const UNITS_MS: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
}

/** The year 9999: later times have another form, which servers refuse. */
const TIME_MS_MAX = Date.UTC(9999, 11, 31)

/** A time of day without a zone, as reports print it. */
const WITHOUT_ZONE = /[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?$/

/**
 * A time as people write it: RFC 3339, without a zone UTC, `now`, or so long ago: `90m`, `7d`. Throws a CommandError.
 */
export function readTime(flag: string, text: string, nowMs: number): string {
  const ago = /^(\d+)([smhdw])$/.exec(text)
  const timeMs =
    text === 'now'
      ? nowMs
      : ago === null
        ? Date.parse(WITHOUT_ZONE.test(text) ? `${text}Z` : text)
        : nowMs - Number(ago[1]) * (UNITS_MS[ago[2] ?? ''] ?? 0)
  if (!(timeMs >= 0 && timeMs <= TIME_MS_MAX)) {
    throw new CommandError(`${flag} is a time, 2026-01-31T12:00:00Z, or how long ago, 90m or 7d`)
  }
  return new Date(timeMs).toISOString()
}

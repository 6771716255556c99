import { textAt } from '../../api/json-value.ts'
import { readProfile } from '../../gzip/node.ts'
import type { Profile } from '../../profile/index.ts'
import { CommandError } from '../terminal/command-error.ts'

export interface RangeQuestion {
  readonly server: string
  readonly token: string | null
  /** The parameters of `/api/v1/range/raw`. */
  readonly parameters: Readonly<Record<string, string>>
}

/** A range of a server's history. `refusal` is the server's message. */
export async function fetchRange({
  server,
  token,
  parameters,
}: RangeQuestion): Promise<
  { readonly profile: Profile; readonly bytes: Uint8Array } | { readonly refusal: string }
> {
  const url = new URL('/api/v1/range/raw', server)
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
  const headers = token === null ? {} : { authorization: `Bearer ${token}` }
  const response = await fetch(url, { headers }).catch((error: unknown) => {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new CommandError(`${url.origin} does not answer: ${why}`, 3)
  })
  if (response.ok) {
    const bytes = new Uint8Array(await response.arrayBuffer())
    return { profile: readProfile(bytes), bytes }
  }
  const reply: unknown = await response.json().catch(() => null)
  const message = textAt(reply, 'error', 'message')
  return { refusal: message ?? `${url.origin} answered ${response.status}, not as kubeprof does` }
}

const UNITS_MS: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
}

/** A time as people write it: RFC 3339, `now`, or so long ago: `90m`, `7d`. Throws a CommandError. */
export function readTime(flag: string, text: string, nowMs: number): string {
  const ago = /^(\d+)([smhdw])$/.exec(text)
  const timeMs =
    text === 'now'
      ? nowMs
      : ago === null
        ? Date.parse(text)
        : nowMs - Number(ago[1]) * (UNITS_MS[ago[2] ?? ''] ?? 0)
  if (Number.isNaN(timeMs)) {
    throw new CommandError(`${flag} is a time, 2026-01-31T12:00:00Z, or how long ago, 90m or 7d`)
  }
  return new Date(timeMs).toISOString()
}

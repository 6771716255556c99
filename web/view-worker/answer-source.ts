import { nameFuncs, type Profile } from '../../profile/index.ts'
import type { OpenViews } from './open-views.ts'
import type { SourceAnswer, SourceRequest } from './view-messages.ts'

/** The raw names and the file of a function, by its normalised name. */
export async function answerSource(
  { profile }: OpenViews,
  { funcName }: SourceRequest,
): Promise<SourceAnswer> {
  const { strings, funcs } = profile
  const rows = funcsByName(profile).get(funcName) ?? []
  const first = rows.find((func) => strings[funcs.file[func] ?? 0] !== '') ?? rows[0]
  return {
    funcName,
    rawNames: [...new Set(rows.map((func) => strings[funcs.name[func] ?? 0] ?? ''))],
    file: first === undefined ? '' : (strings[funcs.file[first] ?? 0] ?? ''),
    line: first === undefined ? 0 : firstLine(profile, first),
  }
}

const known = new WeakMap<Profile, ReadonlyMap<string, readonly number[]>>()

function funcsByName(profile: Profile): ReadonlyMap<string, readonly number[]> {
  const found = known.get(profile)
  if (found !== undefined) return found
  const byName = new Map<string, number[]>()
  for (const [func, name] of nameFuncs(profile).names.entries()) {
    const rows = byName.get(name)
    if (rows === undefined) byName.set(name, [func])
    else rows.push(func)
  }
  known.set(profile, byName)
  return byName
}

/** Where the function starts, else the smallest line of it that was measured. */
function firstLine({ funcs, frames }: Profile, func: number): number {
  const start = funcs.startLine[func] ?? 0
  if (start > 0) return start
  let line = Infinity
  for (let frame = 0; frame < frames.length; frame++) {
    const at = frames.line[frame] ?? 0
    if (frames.func[frame] === func && at > 0) line = Math.min(line, at)
  }
  return Number.isFinite(line) ? line : 0
}

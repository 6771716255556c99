import type { TargetSpec } from '../../store/index.ts'
import { type CapturePlan, checkAccess, type Reach } from '../../collect/index.ts'
import type { CommandIo } from '../terminal/command-io.ts'
import { cleanText } from '../terminal/terminal-text.ts'

/** Prints whether targets can be reached and read, and which rights are missing. Returns the exit code. */
export async function checkTargets(
  targets: readonly TargetSpec[],
  plan: CapturePlan,
  {
    reach,
    signal,
    io,
  }: { readonly reach: Reach; readonly signal: AbortSignal; readonly io: CommandIo },
): Promise<number> {
  const profiles = plan.parts.flatMap(({ isOfPprof, path }) =>
    isOfPprof ? [path.replace(/\?.*$/, '').replace(/^.*\//, '')] : [],
  )
  let isFine = true
  for (const target of targets) {
    for (const check of await checkAccess(reach, target, { profiles, signal })) {
      isFine &&= check.isFine
      io.writeOut(
        `${check.isFine ? 'fine ' : 'fault'}  ${cleanText(`${check.subject}: ${check.text}`)}\n`,
      )
      if (check.remedy !== null) io.writeOut(`       ${cleanText(check.remedy)}\n`)
    }
  }
  return isFine ? 0 : 3
}

import { diagnose, type DiagnosisInput, type Language, type Report } from '../diagnosis/index.ts'
import { describeFault, loadRules } from '../worker/load-rules.ts'
import type { CommandIo } from './command-io.ts'
import { joinFacts, listCapture, previousOf } from './read-capture.ts'
import { readProfileFile } from './read-profile-file.ts'

export interface DiagnosePathsOptions {
  readonly language: Language
  readonly component: string | null
  /** Folders of rules beside the built-in ones. */
  readonly ruleDirectories: readonly string[]
  /** An earlier capture of the same process. */
  readonly previous: string | null
}

/** Judges all profiles together. What cannot be read is told of on standard error, and the rest is judged. */
export async function diagnosePaths(
  paths: readonly string[],
  io: CommandIo,
  { language, component, ruleDirectories, previous: previousPath }: DiagnosePathsOptions,
): Promise<{ readonly report: Report; readonly badCount: number }> {
  const captures = paths.map(listCapture)
  const previousCapture = previousPath === null ? null : listCapture(previousPath)
  const inputs: DiagnosisInput[] = []
  let badCount = 0
  const read = async (path: string) => {
    const profile = await readProfileFile(path, io, 'diagnose')
    if (profile === null) badCount++
    return profile
  }
  for (const { profiles, kubernetesVersion } of captures) {
    for (const path of profiles) {
      const profile = await read(path)
      if (profile === null) continue
      const earlier = previousCapture === null ? null : previousOf(path, previousCapture)
      const previous = earlier === null ? null : await read(earlier)
      inputs.push({ path, profile, previous, component, kubernetesVersion })
    }
  }
  const { ruleSet, faults } = await loadRules(undefined, ruleDirectories)
  for (const fault of faults) io.writeError(`kubeprof diagnose: ${describeFault(fault)}\n`)
  const facts = joinFacts(captures, previousCapture)
  return { report: diagnose(inputs, ruleSet, { language, ...facts }), badCount }
}

import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { diagnose, type DiagnosisInput, type Language, type Report } from '../diagnosis/index.ts'
import { describeFault, loadRules } from '../worker/load-rules.ts'
import { CommandError } from './command-error.ts'
import type { CommandIo } from './command-io.ts'
import { readProfileFile } from './read-profile-file.ts'

export interface DiagnosePathsOptions {
  readonly language: Language
  readonly component: string | null
  /** Folders of rules beside the built-in ones. */
  readonly ruleDirectories: readonly string[]
}

/** Judges all profiles together. What cannot be read is told of on standard error, and the rest is judged. */
export async function diagnosePaths(
  paths: readonly string[],
  io: CommandIo,
  { language, component, ruleDirectories }: DiagnosePathsOptions,
): Promise<{ readonly report: Report; readonly badCount: number }> {
  const inputs: DiagnosisInput[] = []
  let badCount = 0
  for (const path of paths.flatMap(filesAt)) {
    const profile = await readProfileFile(path, io, 'diagnose')
    if (profile === null) badCount++
    else inputs.push({ path, profile, component })
  }
  const { ruleSet, faults } = await loadRules(undefined, ruleDirectories)
  for (const fault of faults) io.writeError(`kubeprof diagnose: ${describeFault(fault)}\n`)
  return { report: diagnose(inputs, ruleSet, { language }), badCount }
}

/** The file, or the profiles in a capture folder. */
function filesAt(path: string): readonly string[] {
  if (path === '-') return [path]
  const stat = statSync(path, { throwIfNoEntry: false })
  if (stat === undefined) throw new CommandError(`there is no file or folder "${path}"`)
  if (!stat.isDirectory()) return [path]
  const names = readdirSync(path).filter((name) => /\.(?:pb|pprof|prof)(?:\.gz)?$/.test(name))
  if (names.length === 0) throw new CommandError(`no profiles (*.pb.gz, *.pprof) lie in "${path}"`)
  return names.sort().map((name) => join(path, name))
}

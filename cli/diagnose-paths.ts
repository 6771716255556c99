import { diagnose, type Language, type Report } from '../diagnosis/index.ts'
import type { CaptureContents } from '../worker/capture-contents.ts'
import { captureFacts, captureInputs } from '../worker/judge-capture.ts'
import { describeFault, loadRules } from '../worker/load-rules.ts'
import type { CommandIo } from './command-io.ts'
import { readCapturePath } from './read-capture.ts'

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
  const captures: CaptureContents[] = []
  for (const path of paths) captures.push(await readCapturePath(path, io))
  const previous = previousPath === null ? null : await readCapturePath(previousPath, io)
  const bad = [...captures, ...(previous === null ? [] : [previous])].flatMap(
    ({ faults }) => faults,
  )
  for (const { name, error } of bad) {
    io.writeError(`kubeprof diagnose: ${name}: ${error.message}\n`)
  }
  const { ruleSet, faults } = await loadRules(undefined, ruleDirectories)
  for (const fault of faults) io.writeError(`kubeprof diagnose: ${describeFault(fault)}\n`)
  const inputs = captures.flatMap((capture) => captureInputs(capture, { component, previous }))
  const facts = captureFacts(captures, previous)
  return { report: diagnose(inputs, ruleSet, { language, ...facts }), badCount: bad.length }
}

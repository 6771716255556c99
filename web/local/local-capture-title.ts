import type { CaptureSummary } from '../../api/index.ts'
import { captureName } from '../format/capture-title.ts'
import type { Texts } from '../texts/en.ts'

/** Whether no rule can judge it, because it has an execution trace and no profile. */
export function isTraceAlone({ profileIds }: CaptureSummary): boolean {
  return profileIds.length === 0
}

/** The name of the process; what it is where an execution trace alone was opened, which names none. */
export function localCaptureName(capture: CaptureSummary, texts: Texts): string {
  const { target, instance, component } = capture
  const isNamed = [target, instance, component].some((name) => name !== null)
  return isTraceAlone(capture) && !isNamed ? texts.traceTitle : captureName(capture, texts)
}

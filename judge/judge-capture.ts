import type { ProfileType } from '../api/index.ts'
import {
  type Baseline,
  type CaptureFacts,
  captureFileOf,
  type DiagnosisInput,
  judge,
  type RuleSet,
} from '../diagnosis/index.ts'
import { type CaptureContents, previousOf } from './capture-contents.ts'
import { type Judged, renderJudgement } from './judge-profile.ts'

export interface JudgedProcess {
  /** Stated by the user who took it; else it is inferred. */
  readonly component: string | null
  /** Type of the profiles that do not state theirs. */
  readonly type?: ProfileType | null
  /** Where it was reached: a URL, or `host:port`. */
  readonly address?: string | null
  /** Earlier captures of the same process, oldest first: growth is judged against the last, trends by all. */
  readonly earlier: readonly CaptureContents[]
  /** What is known of the process before; without it the earlier captures say what is normal. */
  readonly baseline?: Baseline | null
}

/** Judges the profiles of a capture together, with the metrics and logs that were taken with them. */
export function judgeCapture(
  capture: CaptureContents,
  source: JudgedProcess,
  ruleSet: RuleSet,
): Judged {
  const { earlier, address = null } = source
  const facts = { ...captureFacts([capture], earlier), address }
  return renderJudgement(judge(captureInputs(capture, source), ruleSet, facts), ruleSet)
}

/** The profiles of a capture as they are judged: each with its earlier one. */
export function captureInputs(
  capture: CaptureContents,
  { component, type = null, earlier, baseline = null }: JudgedProcess,
): readonly DiagnosisInput[] {
  return capture.profiles.map((named) => {
    const history = earlier.flatMap((each) => previousOf(named, capture, each) ?? [])
    return {
      path: named.name,
      profile: named.profile,
      component,
      type: captureFileOf(named.name).type ?? type,
      kubernetesVersion: capture.kubernetesVersion,
      etcdVersion: capture.etcdVersion,
      history,
      previous: history.at(-1) ?? null,
      baseline,
    }
  })
}

/** What was taken with the profiles of one process: of several captures all logs, and the first page of metrics. */
export function captureFacts(
  captures: readonly CaptureContents[],
  earlier: readonly CaptureContents[],
): CaptureFacts {
  const withMetrics = captures.find(({ metrics }) => metrics !== null)
  return {
    metrics: withMetrics?.metrics ?? null,
    metricsBefore: withMetrics?.metricsBefore ?? null,
    previousMetrics: earlier.at(-1)?.metrics ?? null,
    flags: captures.find(({ flags }) => flags !== null)?.flags ?? null,
    logs: captures.flatMap(({ logs }) => logs),
  }
}

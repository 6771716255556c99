import type { ProfileType, Report } from '../api/index.ts'
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

/**
 * Judges the profiles of a capture together, with the metrics and logs that were taken with them. Files that cannot be read
 * become notes of the reports.
 */
export function judgeCapture(
  capture: CaptureContents,
  source: JudgedProcess,
  ruleSet: RuleSet,
): Judged {
  const { earlier, address = null } = source
  const facts = { ...captureFacts([capture], earlier), address }
  const judged = renderJudgement(judge(captureInputs(capture, source), ruleSet, facts), ruleSet)
  const { en, zh } = judged.reports
  return { ...judged, reports: { en: withFaults(en, capture), zh: withFaults(zh, capture) } }
}

/** What is known of the process: from the answer of its /version, else from the first profile that shows it. */
export function processFacts(
  { kubernetesVersion }: CaptureContents,
  origins: Judged['origins'],
): Pick<Judged['origins'][number], 'component' | 'kubernetesVersion' | 'goVersion'> {
  const firstOf = (key: 'component' | 'kubernetesVersion' | 'goVersion') =>
    origins.find((origin) => origin[key] !== null)?.[key] ?? null
  return {
    component: firstOf('component'),
    kubernetesVersion: kubernetesVersion ?? firstOf('kubernetesVersion'),
    goVersion: firstOf('goVersion'),
  }
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

const UNREADABLE = {
  en: (name: string, reason: string) => `The file ${name} cannot be read: ${reason}`,
  zh: (name: string, reason: string) => `无法读取文件 ${name}：${reason}`,
}

/** Notes for files that cannot be read: the rest was judged without them. */
function withFaults(report: Report, { faults }: CaptureContents): Report {
  if (faults.length === 0) return report
  const notes = faults.map(({ name, error }) => ({
    code: 'file_unreadable',
    text: UNREADABLE[report.language](name, error.message),
    input: null,
  }))
  return { ...report, notes: [...report.notes, ...notes] }
}

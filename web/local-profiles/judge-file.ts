import type { ProfileSummary, Report } from '../../api/index.ts'
import {
  judge,
  profileTypeOf,
  renderReport,
  type RuleSet,
  summariseJudgement,
} from '../../diagnosis/index.ts'
import { readProfile } from '../../gzip/browser.ts'
import {
  defaultSampleTypeIndex,
  encodeColumns,
  type Profile,
  sampleKindOf,
  totalOfType,
} from '../../profile/index.ts'
import type { Language } from '../texts/language.ts'

/** A file that was read and judged in this browser: what the server would answer about it. */
export interface JudgedFile {
  readonly summary: Omit<ProfileSummary, 'id'>
  readonly columns: ArrayBuffer
  readonly reports: Readonly<Record<Language, Report>>
}

/** What is known of a file only when it is judged. */
type Judged = Pick<
  ProfileSummary,
  | 'type'
  | 'component'
  | 'kubernetesVersion'
  | 'goVersion'
  | 'fileName'
  | 'receivedAt'
  | 'sizeBytes'
  | 'worstFinding'
  | 'findingCount'
>

export interface NamedBytes {
  readonly name: string
  readonly bytes: Uint8Array
  readonly nowMs: number
}

const NS_PER_MS = 1_000_000n
const NS_PER_SECOND = 1e9

/** Reads a profile in any form that the browser can, and applies the rules. Throws a ProfileFormatError. */
export function judgeFile({ name, bytes, nowMs }: NamedBytes, ruleSet: RuleSet): JudgedFile {
  const profile = readProfile(bytes)
  const type = profileTypeOf({ path: name, profile, type: null })
  const judgement = judge([{ path: name, profile, type, component: null }], ruleSet)
  const { origins, worstFinding, findingCount } = summariseJudgement(judgement)
  const [origin] = origins
  return {
    summary: {
      ...factsOf(profile),
      type,
      component: origin?.component ?? null,
      kubernetesVersion: origin?.kubernetesVersion ?? null,
      goVersion: origin?.goVersion ?? null,
      fileName: name,
      receivedAt: new Date(nowMs).toISOString(),
      sizeBytes: bytes.length,
      worstFinding,
      findingCount,
    },
    columns: encodeColumns(profile).buffer,
    reports: {
      en: renderReport(judgement, ruleSet, { language: 'en' }),
      zh: renderReport(judgement, ruleSet, { language: 'zh' }),
    },
  }
}

function factsOf(profile: Profile): Omit<ProfileSummary, keyof Judged | 'id'> {
  const { timeNs, durationNs } = profile
  return {
    captureId: null,
    pinnedAt: null,
    fileFault: null,
    status: 'ready',
    target: null,
    instance: null,
    cluster: null,
    labels: [],
    sha256: '',
    error: null,
    takenAt: timeNs === 0n ? null : new Date(Number(timeNs / NS_PER_MS)).toISOString(),
    durationSeconds: durationNs === 0n ? null : Number(durationNs) / NS_PER_SECOND,
    sampleCount: profile.samples.length,
    sampleTypes: profile.sampleTypes.map(({ type, unit }, row) => ({
      type,
      unit,
      kind: sampleKindOf(profile, row),
      total: totalOfType(profile, row).value,
    })),
    defaultSampleType: profile.sampleTypes[defaultSampleTypeIndex(profile)]?.type ?? null,
    warnings: [...profile.warnings],
  }
}

import type { ProfileSummary, Report } from '../../api/index.ts'
import type { RuleSet } from '../../diagnosis/index.ts'
import { readProfile } from '../../gzip/browser.ts'
import { inferTypeOf, judgeProfile, type NamedSource } from '../../judge/browser.ts'
import {
  defaultSampleTypeIndex,
  encodeColumns,
  type Profile,
  sampleKindOf,
  totalOfType,
} from '../../profile/index.ts'
import type { Language } from '../texts/language.ts'

/** A profile that was read and judged in this browser: what the server would answer about it. */
export interface JudgedFile {
  readonly summary: Omit<ProfileSummary, 'id'>
  readonly columns: ArrayBuffer
  readonly reports: Readonly<Record<Language, Report>>
}

export interface NamedBytes {
  readonly name: string
  readonly bytes: Uint8Array
  readonly nowMs: number
}

/** What is known of a profile's file before it is read. */
export interface JudgedSource extends Pick<NamedSource, 'component' | 'type' | 'target'> {
  readonly fileName: string
  readonly instance: string | null
  readonly cluster: string | null
  readonly sizeBytes: number
  readonly nowMs: number
}

const NS_PER_MS = 1_000_000n
const NS_PER_SECOND = 1e9

/** Reads a profile in any form that the browser can, and applies the rules. Throws a ProfileFormatError. */
export function judgeFile({ name, bytes, nowMs }: NamedBytes, ruleSet: RuleSet): JudgedFile {
  const unknown = { component: null, type: null, target: null, instance: null, cluster: null }
  const source = { ...unknown, fileName: name, sizeBytes: bytes.length, nowMs }
  return judgeDecoded(readProfile(bytes), source, ruleSet)
}

/** Judges a profile by itself. */
export function judgeDecoded(profile: Profile, source: JudgedSource, ruleSet: RuleSet): JudgedFile {
  const { fileName, target, instance, cluster, sizeBytes, nowMs } = source
  const { origins, worstFinding, findingCount, reports } = judgeProfile(profile, source, ruleSet)
  const [origin] = origins
  const { timeNs, durationNs } = profile
  return {
    summary: {
      captureId: null,
      pinnedAt: null,
      fileFault: null,
      status: 'ready',
      error: null,
      labels: [],
      sha256: '',
      type: inferTypeOf(profile, source),
      component: origin?.component ?? null,
      kubernetesVersion: origin?.kubernetesVersion ?? null,
      goVersion: origin?.goVersion ?? null,
      fileName,
      target,
      instance,
      cluster,
      sizeBytes,
      receivedAt: new Date(nowMs).toISOString(),
      takenAt: timeNs === 0n ? null : new Date(Number(timeNs / NS_PER_MS)).toISOString(),
      durationSeconds: durationNs === 0n ? null : Number(durationNs) / NS_PER_SECOND,
      ...sampleFacts(profile),
      worstFinding,
      findingCount,
    },
    columns: encodeColumns(profile).buffer,
    reports,
  }
}

type SampleFacts = Pick<
  ProfileSummary,
  'sampleCount' | 'sampleTypes' | 'defaultSampleType' | 'warnings'
>

function sampleFacts(profile: Profile): SampleFacts {
  return {
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

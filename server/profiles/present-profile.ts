import type { ProfileLinks, ProfileSummary } from '../../api/index.ts'
import type { StoredProfile } from '../../store/index.ts'

/** A row as the API shows it. */
export function presentProfile(profile: StoredProfile): ProfileSummary {
  const { facts } = profile
  return {
    id: profile.id,
    captureId: profile.captureId,
    status: profile.status,
    target: profile.target,
    component: profile.component,
    instance: profile.instance,
    cluster: profile.cluster,
    type: profile.type,
    labels: profile.labels.map(({ name, value }) => ({ name, value })),
    fileName: profile.fileName,
    receivedAt: formatTime(profile.receivedAtMs),
    takenAt: profile.takenAtMs === null ? null : formatTime(profile.takenAtMs),
    pinnedAt: profile.pinnedAtMs === null ? null : formatTime(profile.pinnedAtMs),
    sizeBytes: profile.sizeBytes,
    fileFault: profile.rawBlobFault,
    sha256: profile.sha256,
    error: profile.failure,
    kubernetesVersion: facts?.kubernetesVersion ?? null,
    goVersion: facts?.goVersion ?? null,
    durationSeconds: facts?.durationSeconds ?? null,
    sampleCount: facts?.sampleCount ?? null,
    sampleTypes: [...(facts?.sampleTypes ?? [])],
    defaultSampleType: facts?.defaultSampleType ?? null,
    warnings: [...(facts?.warnings ?? [])],
    worstFinding: profile.worstFinding,
    findingCount: profile.findingCount,
  }
}

/** Related addresses: absolute URLs when `publicUrl` is set, else paths. */
export function linksOf(id: string, publicUrl: string): ProfileLinks {
  const self = `${publicUrl}/api/v1/profiles/${id}`
  return { self, report: `${self}/report`, web: `${publicUrl}/profiles/${id}` }
}

export function formatTime(timeMs: number): string {
  return new Date(timeMs).toISOString()
}

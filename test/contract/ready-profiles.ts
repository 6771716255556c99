import { packReports } from '../../store/blobs.ts'
import type { AnalysisResult, ClaimedAnalysis, ProfileFacts, Store } from '../../store/index.ts'
import { addProfile } from '../store/new-profile.ts'

export const VERSIONS = { decoder: '1', ruleSet: 'a' }
export const REQUEST = { owner: 'test', leaseMs: 10_000, versions: VERSIONS }
/** A look at every row of a small table. */
export const ALL = { afterId: '', limit: 100 }
export const FACTS: ProfileFacts = {
  type: 'cpu',
  component: 'kube-apiserver',
  kubernetesVersion: null,
  goVersion: null,
  takenAtMs: 1_700_000_000_000,
  durationSeconds: 30,
  sampleCount: 3,
  sampleTypes: [],
  defaultSampleType: 'cpu',
  warnings: [],
}

export async function claimNext(
  store: Store,
  lane: 'normal' | 'isolated' = 'normal',
): Promise<ClaimedAnalysis> {
  const claim = await store.analyses.claimNext(lane, REQUEST)
  if (claim === null) throw new Error('there is nothing to claim')
  return claim
}

export async function resultFor(store: Store): Promise<AnalysisResult> {
  const report = { version: 1, inputs: [], gc: null, findings: [], notes: [] } as const
  const empty = { ...report, inputs: [], findings: [], notes: [] }
  return {
    columns: await store.blobs.put(new TextEncoder().encode('columns')),
    facts: FACTS,
    reports: packReports({ en: { ...empty, language: 'en' }, zh: { ...empty, language: 'zh' } }),
    worstFinding: null,
    findingCount: 0,
    seen: { types: [], findings: [] },
    measured: null,
  }
}

/** Adds a profile and analyses it as a worker does. */
export async function addReady(store: Store, text: string, source = {}) {
  const { profile } = await addProfile(store, text, source)
  await store.analyses.complete(await claimNext(store), await resultFor(store))
  const ready = await store.profiles.find(profile.id)
  if (ready === null) throw new Error('the profile vanished')
  return { profile: ready }
}

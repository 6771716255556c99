import { packReports } from '../../store/blobs.ts'
import type { Level, Report } from '../../api/index.ts'
import type { JudgementResult, SeenFinding, Store } from '../../store/index.ts'
import { uploadCapture } from '../store/upload-capture.ts'
import { ALL } from './ready-profiles.ts'

const VERSIONS = { decoder: '1', ruleSet: 'a' }
export const REQUEST = { owner: 'test', leaseMs: 10_000, versions: VERSIONS }
export const RULE = 'apiserver.list-from-etcd'

/** A capture with what was found in it. */
export interface Judged {
  readonly atMs: number
  readonly found: readonly Level[]
  readonly isFolded?: boolean
  readonly types?: readonly ('cpu' | 'heap')[]
  readonly instance?: string
  readonly cluster?: string | null
  readonly text?: string
}

/** Uploads a capture and judges it. */
export async function judged(store: Store, capture: Judged, again?: 'again'): Promise<string> {
  const id = await uploaded(store, capture)
  if (again !== undefined) {
    await store.judgements.addForVersions({ decoder: '1', ruleSet: 'b' }, ALL)
  }
  await judge(store, id, capture)
  return id
}

/** Its one profile is read. The same capture comes once. */
export async function uploaded(store: Store, capture: Judged): Promise<string> {
  const { atMs, instance = 'a', cluster = 'prod', text = 'cpu.pb.gz' } = capture
  const source = { target: 'api', component: 'kube-apiserver', instance, cluster }
  const added = await uploadCapture(store, [text], {
    ...source,
    startedAtMs: atMs,
    dedupeKey: JSON.stringify([source, atMs, text]),
  })
  if (added.isDuplicate) return added.capture.id
  const claim = await store.analyses.claimNext('normal', REQUEST)
  if (claim === null) throw new Error('no profile is to be read')
  await store.analyses.fail(claim, {
    code: 'PROFILE_INVALID',
    message: 'No.',
    reason: null,
    offsetBytes: null,
  })
  return added.capture.id
}

export async function judge(
  store: Store,
  id: string,
  { found, types = ['cpu'], isFolded = false }: Judged,
) {
  const claim = await store.judgements.claim(id, REQUEST)
  if (claim === null) throw new Error('the capture is not to be judged')
  const findings = found.map((level) => ({ ...SEEN, level, isFolded, value: isFolded ? 0 : 7 }))
  await store.judgements.complete(claim, resultWith({ types, findings }, null))
}

/** A judgement of which only this is known. */
export function resultWith(
  seen: JudgementResult['seen'],
  measured: JudgementResult['measured'],
): JudgementResult {
  return {
    reports: packReports({ en: reportIn('en'), zh: reportIn('zh') }),
    worstFinding: null,
    findingCount: 0,
    kubernetesVersion: null,
    goVersion: null,
    component: null,
    processStartedAtMs: null,
    requests: null,
    previousCaptureId: null,
    seen,
    measured,
  }
}

export const SEEN: SeenFinding = {
  rule: RULE,
  group: null,
  level: 'warning',
  isFolded: false,
  title: { en: 'LIST', zh: '列表' },
  profile: 'cpu',
  needs: ['cpu'],
  value: 7,
  unit: 'nanoseconds',
  share: 0.5,
  cores: null,
  count: 3,
  frames: [],
  profileId: null,
}

export function reportIn(language: 'en' | 'zh'): Report {
  return { version: 1, language, inputs: [], gc: null, findings: [], notes: [] }
}

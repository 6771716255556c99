/** Of the profiles that `manyProfiles` makes. */
export const MANY = {
  targetCount: 200,
  components: ['kube-apiserver', 'etcd', 'kubelet', 'kube-scheduler', 'kube-controller-manager'],
  types: ['cpu', 'heap', 'goroutine', 'mutex'],
  clusterCount: 100,
  /** One of so many has a label, `zone`, which is one of as many. */
  labelEvery: 10,
  /** Times are so far apart, the oldest first, from `startMs` on. */
  stepMs: 10_000,
  startMs: Date.UTC(2026, 0, 1),
  /** One of so many has failed. */
  failedEvery: 1000,
} as const

/**
 * Statements, for SQLite and Postgres alike, that make rows of so many analysed profiles, with their blobs and analyses but without
 * bytes, and of as many captures.
 * Ids are valid and sort by number.
 */
export function manyProfiles(count: number): readonly string[] {
  const numbers = `with recursive n(i) as (select 1 union all select i + 1 from n where i < ${count})`
  const digits = `cast(100000000 + i as text)`
  const id = (start: string) => `('${start}' || ${digits})`
  const profileId = id('01KDT0000P0000000')
  const analysisId = id('01KDT0000A0000000')
  const blobId = `('${'0'.repeat(55)}' || ${digits} || '-' || ${id('01KDT0000B0000000')})`
  const captureId = id('01KDT0000C0000000')
  const target = `('target-' || cast(i % ${MANY.targetCount} as text))`
  const instance = `('instance-' || cast(i % ${MANY.targetCount} as text))`
  const cluster = `('cluster-' || cast(i % ${MANY.clusterCount} as text))`
  const zone = `('zone-' || cast((i / ${MANY.labelEvery}) % ${MANY.labelEvery} as text))`
  const labelled = `n where i % ${MANY.labelEvery} = 0`
  const at = `${MANY.startMs} + i * cast(${MANY.stepMs} as bigint)`
  const source = `('{"target":"' || ${target} || '","component":null,"instance":null,"cluster":null,"type":null,"takenAtMs":null,"fileName":null,"labels":[]}')`
  const facts = '{"duration":30}'
  return [
    `insert into "blob" ("id", "sizeBytes", "kind", "createdAtMs")
     ${numbers} select ${blobId}, 50000, 'raw', ${at} from n`,
    `insert into "profile" ("id", "dedupeKey", "rawBlobId", "sourceJson", "target", "component", "instance", "cluster", "type",
       "takenAtMs", "receivedAtMs", "currentAnalysisId", "failedState")
     ${numbers} select ${profileId}, ${blobId}, ${blobId}, ${source}, ${target},
       ${pick(MANY.components, 'i')}, ${instance}, ${cluster}, ${pick(MANY.types, `(i / ${MANY.targetCount})`)},
       case i % 10 when 0 then null else ${at} end, ${at} + 500, ${analysisId},
       case i % ${MANY.failedEvery} when 0 then 'failed' else null end from n`,
    `insert into "analysis" ("id", "profileId", "state", "notBeforeMs", "createdAtMs", "factsJson")
     ${numbers} select ${analysisId}, ${profileId},
       case i % ${MANY.failedEvery} when 0 then 'failed' else 'ready' end, ${at}, ${at}, '${facts}' from n`,
    `insert into "capture" ("id", "status", "origin", "target", "component", "instance", "cluster", "labelsJson", "partsJson",
       "createdAtMs", "startedAtMs")
     ${numbers} select ${captureId}, 'complete', 'upload', ${target},
       ${pick(MANY.components, 'i')}, ${instance}, ${cluster}, '[]', '[]', ${at}, ${at} + 500 from n`,
    `insert into "profileLabel" ("profileId", "name", "value")
     ${numbers} select ${profileId}, 'zone', ${zone} from ${labelled}`,
    `insert into "captureLabel" ("captureId", "name", "value")
     ${numbers} select ${captureId}, 'zone', ${zone} from ${labelled}`,
  ]
}

/** The name at the number's remainder. */
function pick(names: readonly string[], number: string): string {
  const cases = names.map((name, at) => `when ${at} then '${name}'`)
  return `case ${number} % ${names.length} ${cases.join(' ')} end`
}

import { createHash } from 'node:crypto'
import type { Selectable, Transaction } from 'kysely'
import { DEFAULT_SPACE } from '../../api/index.ts'
import type { Batch } from '../database/together.ts'
import type { ProfileFacts, ProfileSource } from './profile-store.ts'
import type { Schema } from '../schema/schema.ts'

const DAY_MS = 24 * 3600 * 1000

/** A ready profile with its current analysis. */
export interface EnteringProfile {
  readonly profileId: string
  readonly source: ProfileSource
  readonly facts: Pick<ProfileFacts, 'type' | 'component' | 'takenAtMs' | 'kubernetesVersion'>
  /** Of its capture; null without one, or where that is unknown. */
  readonly captureStartedAtMs: number | null
  readonly receivedAtMs: number
  readonly decoderVersion: string
}

/** When a profile was taken: as declared, as it says itself, or else when its capture was; null if unknown. */
export function takenAtMsOf({
  source,
  facts,
  captureStartedAtMs,
}: Pick<EnteringProfile, 'source' | 'facts' | 'captureStartedAtMs'>): number | null {
  return source.takenAtMs ?? facts.takenAtMs ?? captureStartedAtMs
}

/** The rows that a profile belongs to. */
export interface HistoryPlace {
  readonly group: Pick<Selectable<Schema['historyGroup']>, 'id' | 'space' | 'target' | 'type'>
  readonly series: Pick<Schema['historySeries'], 'id' | 'process' | 'labelsJson'>
  /** Whether the rows are there: of most profiles they are. */
  readonly isKnown: boolean
}

/** Finds where a profile belongs; null for one without a target, because its process is unknown. */
export async function findHistoryPlace(
  { db, run }: Batch,
  { space, source, facts }: Pick<EnteringProfile, 'source' | 'facts'> & { readonly space: string },
): Promise<HistoryPlace | null> {
  const { target } = source
  if (target === null) return null
  const type = source.type ?? facts.type
  const groupId = hashOf(space === DEFAULT_SPACE ? [target, type] : [space, target, type])
  const labelsJson = JSON.stringify(labelsOf(source, facts))
  const id = hashOf([groupId, labelsJson])
  const process = JSON.stringify([target, source.cluster, source.instance])
  const known = await run(db.selectFrom('historySeries').select('id').where('id', '=', id))
  return {
    group: { id: groupId, space, target, type },
    series: { id, process, labelsJson },
    isKnown: known.length > 0,
  }
}

/**
 * Enters a profile into history, in the commit that makes it ready. One that is there is read again when its decoder is
 * another one.
 */
export async function enterHistory(
  { db, run, send }: Batch,
  { group, series, isKnown }: HistoryPlace,
  entering: EnteringProfile,
  nowMs: number,
): Promise<void> {
  const { profileId, receivedAtMs, decoderVersion } = entering
  const atMs = takenAtMsOf(entering) ?? receivedAtMs
  if (!isKnown) {
    const free = { leaseToken: null, leaseUntilMs: 0 }
    send(
      db
        .insertInto('historyGroup')
        .values({ ...group, ...free })
        .onConflict((conflict) => conflict.doNothing()),
    )
    send(
      db
        .insertInto('historySeries')
        .values({ ...series, groupId: group.id })
        .onConflict((conflict) => conflict.doNothing()),
    )
  }
  const inserted = await run(
    db
      .insertInto('historyProfile')
      .values({
        profileId,
        groupId: group.id,
        seriesId: series.id,
        atMs,
        dayMs: Math.floor(atMs / DAY_MS) * DAY_MS,
        state: 'pending',
        decoderVersion,
        blockId: null,
        number: null,
        changedAtMs: nowMs,
      })
      .onConflict((conflict) => conflict.doNothing())
      .returning('profileId'),
  )
  if (inserted.length > 0) return
  send(
    db
      .updateTable('historyProfile')
      .set({ state: 'replaced', decoderVersion, changedAtMs: nowMs })
      .where('profileId', '=', profileId)
      .where('state', 'in', ['packed', 'stale', 'replaced'])
      .where('decoderVersion', '!=', decoderVersion),
  )
}

/** Deletes profiles from history: no answer has them from now on, and the next sweep takes them out of their blocks. */
export async function dropFromHistory(
  trx: Transaction<Schema>,
  profileIds: readonly string[],
  nowMs: number,
): Promise<void> {
  if (profileIds.length === 0) return
  await trx
    .updateTable('historyProfile')
    .set({ state: 'dropped', changedAtMs: nowMs })
    .where('profileId', 'in', profileIds)
    .where('state', 'in', ['pending', 'packed', 'stale', 'replaced'])
    .execute()
}

/** Names in order. A label of the uploader does not hide one of kubeprof's own. */
function labelsOf(
  { target, cluster, component, instance, labels, type }: ProfileSource,
  facts: EnteringProfile['facts'],
): Readonly<Record<string, string>> {
  const own = {
    target,
    cluster,
    component: component ?? facts.component,
    instance,
    version: facts.kubernetesVersion,
    type: type ?? facts.type,
  }
  const all = new Map(labels.map(({ name, value }) => [name, value]))
  for (const [name, value] of Object.entries(own)) {
    if (value === null) all.delete(name)
    else all.set(name, value)
  }
  return Object.fromEntries([...all].toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

function hashOf(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32)
}

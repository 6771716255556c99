import type {
  HistoryRows,
  NumberedPending,
  NumberedProfile,
  NumberedRows,
} from '../../store/index.ts'

export interface MemoryProfile {
  readonly profileId: string
  readonly rawBlobKey: string
  readonly atMs: number
}

const SERIES = { id: 's0', process: 'p', groupId: 'g' } as const
const BATCH = 100
const DAY_MS = 24 * 3600_000
const HOUR_MS = 3600_000

/** Rows of history in memory: profiles of one process, which wait to be put into ClickHouse. */
export function memoryRows(): {
  readonly rows: Pick<HistoryRows, 'series' | 'addMissing' | 'rebuild'>
  readonly numbered: NumberedRows
  /** Has profiles wait. */
  readonly wait: (profiles: readonly MemoryProfile[]) => void
  /** Has profiles count whose values are there. */
  readonly add: (members: readonly (MemoryProfile & { readonly number: number })[]) => void
} {
  const counters = { profile: 1, stack: 1, frame: 1 }
  const members: NumberedProfile[] = []
  let waiting: MemoryProfile[] = []
  const reserve: NumberedRows['reserve'] = (kind, count, least = 1) => {
    const first = Math.max(counters[kind], least)
    counters[kind] = first + count
    return Promise.resolve(first)
  }
  return {
    rows: {
      series: () =>
        Promise.resolve([{ ...SERIES, space: 'default', target: 't', type: 'cpu', labels: {} }]),
      addMissing: () => Promise.resolve({ lastId: null, count: 0 }),
      rebuild: () => Promise.resolve(0),
    },
    numbered: {
      reserve,
      async claim() {
        const day = Math.floor((waiting[0]?.atMs ?? 0) / DAY_MS)
        const some = waiting.slice(0, BATCH).filter(({ atMs }) => Math.floor(atMs / DAY_MS) === day)
        if (some.length === 0) return null
        waiting = waiting.slice(some.length)
        const first = await reserve('profile', some.length)
        const pending = some.map((one, index): NumberedPending => {
          const { id: seriesId, process } = SERIES
          return {
            ...one,
            seriesId,
            process,
            columnsBlobKey: null,
            decoderVersion: '1',
            number: first + index,
          }
        })
        const hours = new Set(some.map(({ atMs }) => Math.floor(atMs / HOUR_MS) * HOUR_MS))
        const { groupId, id } = SERIES
        return {
          groupId,
          leaseToken: '',
          pending,
          droppedIds: [],
          seriesIds: [id],
          hours: [...hours],
        }
      },
      commit(claim) {
        members.push(...claim.pending)
        return Promise.resolve(true)
      },
      release: () => Promise.resolve(),
      readAgain: () => Promise.resolve(),
      find: ({ fromMs, toMs }) =>
        Promise.resolve({
          members: members.filter(({ atMs }) => atMs >= fromMs && atMs < toMs),
          pending: [],
          blockedCount: 0,
          staleCount: 0,
        }),
      expire: () => Promise.resolve(0),
    },
    wait: (profiles) => void waiting.push(...profiles),
    add(copies) {
      for (const { profileId, atMs, number } of copies) {
        members.push({ profileId, atMs, number, seriesId: SERIES.id, process: SERIES.process })
      }
    },
  }
}

import {
  type ClickhouseDatabase,
  type HistoryOptions,
  type HistoryStore,
  type NumberedInput,
  openBlockHistory,
  openClickhouseHistory,
  packBlocks,
  packNumbered,
  rollUpDays,
} from '../../history/index.ts'
import type { Looked, Store } from '../../store/index.ts'
import { connectHistory } from '../service/parts/open-history-database.ts'
import { DATA_FLAGS, readServiceSettings } from '../service/service-flags.ts'
import { CommandError } from '../terminal/command-error.ts'
import type { CommandIo } from '../terminal/command-io.ts'
import { defineCommand } from '../terminal/define-command.ts'
import type { ParsedFlags } from '../terminal/parse-flags.ts'
import { formatSizes } from './format-sizes.ts'
import { withStore } from './open-data-store.ts'

const ROWS_MAX = 500

const USAGE = `usage: kubeprof history stats|rebuild [flags]

stats prints what profiles take as files and in history, and what a day adds. rebuild reads every profile whose file is
there and packs history anew, in blocks or in ClickHouse, while servers and workers go on. What only history holds,
because retention deleted the file, stays as it is.
`

/** `kubeprof history rebuild`. */
export const runHistory = defineCommand({
  name: 'history',
  usage: USAGE,
  flags: DATA_FLAGS,
  argumentsMax: { stats: 0, rebuild: 0 },
  run,
})

async function run({ text, positionals }: ParsedFlags, io: CommandIo): Promise<number> {
  const what = positionals.join(' ')
  if (what !== 'rebuild' && what !== 'stats') {
    throw new CommandError('say what to do: kubeprof history stats, or kubeprof history rebuild')
  }
  const settings = await readServiceSettings(text, io)
  return await withStore(settings, { isMade: false, isAlone: false }, async (store) => {
    if (what === 'stats') {
      io.writeOut(formatSizes(await store.history.sizes()))
      return 0
    }
    const options = { ...settings.history, pendingMin: 1, pendingMsMax: 0 }
    const database = options.kind === 'blocks' ? null : await connectHistory(options)
    const history = openHistory({ store, options, database })
    try {
      io.writeOut(await rebuild(history))
    } finally {
      await database?.close()
    }
    return 0
  })
}

async function rebuild(history: HistoryStore): Promise<string> {
  let count = await history.rebuild()
  for (let afterId: string | null = ''; afterId !== null;) {
    const looked: Looked = await history.append({ afterId, limit: ROWS_MAX })
    count += looked.count
    afterId = looked.lastId
  }
  let packedCount = 0
  while (await history.compact()) packedCount++
  return `read ${count} profiles again, in ${packedCount} steps\n`
}

interface HistoryParts {
  readonly store: Store
  readonly options: HistoryOptions
  readonly database: ClickhouseDatabase | null
}

function openHistory({ store, options, database }: HistoryParts): HistoryStore {
  const { history: rows, numberedHistory: numbered, blobs } = store
  const now = Date.now
  if (database === null) {
    return openBlockHistory({
      rows,
      blobs,
      options,
      pack: (input) => packBlocks(blobs, input),
      rollUp: (input) => rollUpDays(blobs, input),
      now,
    })
  }
  const pack = (input: NumberedInput) => packNumbered(blobs, input)
  return openClickhouseHistory({ rows, numbered, database, options, pack, now })
}

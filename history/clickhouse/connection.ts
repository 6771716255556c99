import { Readable } from 'node:stream'
import { AppError } from '../../api/index.ts'
import type { HistoryOptions } from '../options.ts'

/** Statements for ClickHouse. All throw HISTORY_UNAVAILABLE, whose message has no part of the address but the host. */
export interface ClickhouseConnection {
  /** The answer to a statement that ends in `FORMAT Native`. */
  read(sql: string): Promise<Uint8Array>
  run(sql: string): Promise<void>
  /** Each line is an array in JSON. All of them become rows, or none where it throws and they are of one partition. */
  insert(table: string, lines: readonly string[]): Promise<void>
  close(): Promise<void>
}

const QUERY_BYTES_MAX = 2 ** 26
const AST_MAX = 10_000_000
/** An insert of fewer rows is one block, which is written whole or not at all. */
const INSERT_ROWS_MAX = 4_000_000

/** Loads the client, which only installations with ClickHouse need. Connects with the first statement. */
export async function openClickhouse({
  clickhouseUrl,
  clickhouseStatementMsMax,
  clickhouseCluster,
}: Pick<
  HistoryOptions,
  'clickhouseUrl' | 'clickhouseStatementMsMax' | 'clickhouseCluster'
>): Promise<ClickhouseConnection> {
  const { createClient, ClickHouseError, ClickHouseLogLevel } = await import('@clickhouse/client')
  const url = readUrl(clickhouseUrl)
  const client = createClient({
    url,
    application: 'kubeprof',
    request_timeout: clickhouseStatementMsMax,
    log: { level: ClickHouseLogLevel.OFF },
    clickhouse_settings: {
      max_query_size: String(QUERY_BYTES_MAX),
      max_ast_elements: String(AST_MAX),
      max_expanded_ast_elements: String(AST_MAX),
      max_insert_block_size: String(INSERT_ROWS_MAX),
      min_insert_block_size_rows: String(INSERT_ROWS_MAX),
      min_insert_block_size_bytes: '0',
      // What was inserted is there for the next statement, wherever it runs.
      ...(clickhouseCluster === ''
        ? {}
        : {
            distributed_foreground_insert: 1 as const,
            insert_quorum: 'auto',
            insert_quorum_parallel: 0 as const,
            select_sequential_consistency: '1',
          }),
    },
  })
  const unavailable = (error: unknown): AppError => {
    const why =
      error instanceof ClickHouseError
        ? `refuses a statement (${error.type ?? 'error'} ${error.code})`
        : 'does not answer'
    return new AppError('HISTORY_UNAVAILABLE', {
      message: `ClickHouse at ${url.host} ${why}.`,
      cause: error,
    })
  }
  const guarded = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    try {
      return await work()
    } catch (error) {
      throw unavailable(error)
    }
  }
  return {
    read: (query) => guarded(async () => bytesOf((await client.exec({ query })).stream)),
    run: (query) =>
      guarded(async () => {
        await client.command({ query })
      }),
    insert: (table, lines) =>
      guarded(async () => {
        if (lines.length === 0) return
        const values = Readable.from([lines.join('\n')], { objectMode: false })
        const query = `INSERT INTO ${table} FORMAT JSONCompactEachRow`
        await bytesOf((await client.exec({ query, values })).stream)
      }),
    close: () => client.close(),
  }
}

/** As `buffer` of `node:stream/consumers`, without the detour through a Blob that takes 2 ms a megabyte. */
async function bytesOf(stream: Readable): Promise<Uint8Array> {
  const chunks: Uint8Array[] = await stream.toArray()
  return Buffer.concat(chunks)
}

/** Throws a RangeError that does not repeat the address: it may hold a password. */
function readUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url !== null && (url.protocol === 'http:' || url.protocol === 'https:')) return url
  throw new RangeError('history.clickhouseUrl must be an http or https address')
}

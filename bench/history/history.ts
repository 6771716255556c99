import { benchBlocks } from './history-blocks.ts'
import { benchClickhouse } from './history-clickhouse.ts'

/** Ranges of heavy-tailed days over both backends. ClickHouse takes part where its package is on this machine. */
export async function benchHistory(): Promise<string> {
  const blocks = await benchBlocks()
  const clickhouse = await benchClickhouse()
  return `### blocks\n\n${blocks}\n\n### ClickHouse\n\n${clickhouse ?? 'chdb is not on this machine.'}`
}

import { AppError } from '../../api/index.ts'
import type { FallenQuestion, HistoryQuestion } from '../numbered/questions.ts'
import { NativeColumns } from '../numbered/native-columns.ts'
import type { HistoryOptions } from '../options.ts'
import { type ClickhouseConnection, openClickhouse } from './connection.ts'
import { comparePairsSql, knownPairsSql, pairsSql, questionSql } from './question-sql.ts'
import { listedSql, SCHEMA_VERSION, schemaSql, UNLISTED_SQL } from './schema.ts'

/** The tables of history in ClickHouse. All throw HISTORY_UNAVAILABLE. */
export interface ClickhouseDatabase {
  /** Makes the tables where they are not there yet, once; connects first. */
  ready(): Promise<ClickhouseConnection>
  /** Answers a question of a process that draws a range. */
  answer(question: HistoryQuestion): Promise<Uint8Array>
  close(): Promise<void>
}

/** So many pairs are compared by one statement. */
const PAIRS_MAX = 1000

export async function openClickhouseDatabase(options: HistoryOptions): Promise<ClickhouseDatabase> {
  const clickhouse = await openClickhouse(options)
  let made: Promise<void> | null = null
  const ready = async () => {
    made ??= makeTables(clickhouse, options)
    try {
      await made
    } catch (error) {
      made = null
      throw error
    }
    return clickhouse
  }
  return {
    ready,
    async answer(question) {
      await ready()
      if (question.ask === 'fallen') return answerFallen(clickhouse, question)
      return clickhouse.read(questionSql(question))
    },
    close: () => clickhouse.close(),
  }
}

async function makeTables(
  clickhouse: ClickhouseConnection,
  options: HistoryOptions,
): Promise<void> {
  for (const sql of schemaSql(options)) await clickhouse.run(sql)
  const versions = new NativeColumns(
    await clickhouse.read('SELECT max(version) FROM schema_versions FORMAT Native'),
  )
  const found = versions.u32(0)[0] ?? 0
  if (found > SCHEMA_VERSION) {
    throw new AppError('HISTORY_UNAVAILABLE', {
      message: `The tables in ClickHouse have version ${found}; this kubeprof knows ${SCHEMA_VERSION}.`,
    })
  }
  if (found < SCHEMA_VERSION) {
    const days = new NativeColumns(await clickhouse.read(UNLISTED_SQL))
    for (const day of days.texts(0)) await clickhouse.run(listedSql(day))
    await clickhouse.insert('schema_versions', [JSON.stringify([SCHEMA_VERSION])])
  }
}

/** Pairs of profiles never change, so each is compared once. */
async function answerFallen(
  clickhouse: ClickhouseConnection,
  question: FallenQuestion,
): Promise<Uint8Array> {
  const known = new NativeColumns(await clickhouse.read(knownPairsSql(question)))
  const nexts = known.counts(1)
  const isKnown = new Set(
    Array.from(known.counts(0), (previous, row) => `${previous} ${nexts[row]}`),
  )
  const missing = question.pairs.filter(([previous, next]) => !isKnown.has(`${previous} ${next}`))
  for (let start = 0; start < missing.length; start += PAIRS_MAX) {
    const pairs = missing.slice(start, start + PAIRS_MAX)
    await clickhouse.run(comparePairsSql({ ...question, pairs }))
  }
  return clickhouse.read(pairsSql(question))
}

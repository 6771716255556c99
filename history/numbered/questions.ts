import { HOUR_MS } from '../tiers.ts'

/** Roll-ups: of an hour, and of 5 minutes. */
export type Level = 'hour' | 'fine'

/** How long a roll-up is. */
export const BUCKET_MS: Readonly<Record<Level, number>> = { hour: HOUR_MS, fine: 300_000 }

/** Decimal numbers of 128 bits. */
export type LineId = string

/** A stretch of time, from an hour on; the end is not included. Both in milliseconds since the epoch. */
export interface HourSpan {
  readonly fromMs: number
  readonly toMs: number
}

/** What a process asks that draws a range. Answers are rows of RowBinary, as each says. */
export type HistoryQuestion =
  | LinesQuestion
  | ProfilesQuestion
  | MarksQuestion
  | RolledQuestion
  | SamplesQuestion
  | ValuesQuestion
  | FallenQuestion
  | StacksQuestion
  | FramesQuestion

/** Rows: line UInt128, series String, body String. */
export interface LinesQuestion {
  readonly ask: 'lines'
  readonly seriesIds: readonly string[]
}

/** Rows: number UInt64, index of the line UInt32, time and duration Int64, sums and totals Array(Int128). */
export interface ProfilesQuestion extends HourSpan {
  readonly ask: 'profiles'
  readonly lines: readonly LineId[]
}

/** The marks of a roll-up. Rows: index of the line UInt32, start of the bucket UInt32 in seconds, sum Int64. */
export interface MarksQuestion extends HourSpan {
  readonly ask: 'marks'
  readonly level: Level
  readonly lines: readonly LineId[]
}

interface Sums {
  readonly lines: readonly LineId[]
  /** Indexes of sample types. */
  readonly columns: readonly number[]
}

/** Sums of a roll-up by stack. Rows: group UInt32, stack UInt32, a sum Int64 for each column. */
export interface RolledQuestion extends Sums {
  readonly ask: 'rolled'
  readonly level: Level
  /** Of each line: the group that its sum belongs to. */
  readonly groups: readonly number[]
  readonly buckets: readonly BucketList[]
}

/** Buckets of one line. */
export interface BucketList {
  /** Index of the line. */
  readonly line: number
  /** From the first bucket up to, not including, the second time. */
  readonly spans: readonly HourSpan[]
}

/** Sums over profiles by stack. Rows: group UInt32, stack UInt32, a sum Int128 for each column. */
export interface SamplesQuestion extends Sums, HourSpan {
  readonly ask: 'samples'
  readonly numbers: readonly number[]
  /** Of each number: the group that it belongs to. */
  readonly groups: readonly number[]
  /** How often each counts; absent where each counts once. */
  readonly weights?: readonly number[]
}

/** What each profile has of some stacks. Rows: number UInt64, sum Int128. */
export interface ValuesQuestion extends HourSpan {
  readonly ask: 'values'
  readonly lines: readonly LineId[]
  readonly column: number
  readonly stacks: readonly number[]
}

/**
 * In which profile a value is less than in the one before it of the same process. Rows: number of the later one UInt64,
 * 1 or 0 UInt8.
 */
export interface FallenQuestion extends HourSpan {
  readonly ask: 'fallen'
  readonly lines: readonly LineId[]
  readonly columns: readonly number[]
  readonly pairs: readonly (readonly [previous: number, next: number])[]
}

/** Rows: number UInt32, frames Array(UInt32), labels String. */
export interface StacksQuestion {
  readonly ask: 'stacks'
  readonly numbers: readonly number[]
}

/** Rows: number UInt32, body String. */
export interface FramesQuestion {
  readonly ask: 'frames'
  readonly numbers: readonly number[]
}

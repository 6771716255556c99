import { DAY_MS, FINE_MS, HOUR_MS } from '../tiers.ts'

/** Roll-ups by stack: of a day (UTC), of an hour, and of 5 minutes; and one of 5 minutes by the last frame of stacks. */
export type Level = 'day' | 'hour' | 'fine' | 'leaves'

/** How long a roll-up is. */
export const BUCKET_MS: Readonly<Record<Level, number>> = {
  day: DAY_MS,
  hour: HOUR_MS,
  fine: FINE_MS,
  leaves: FINE_MS,
}

/** Decimal numbers of 128 bits. */
export type LineId = string

/** A stretch of time, from an hour on; the end is not included. Both in milliseconds since the epoch. */
export interface HourSpan {
  readonly fromMs: number
  readonly toMs: number
}

/** What a process asks that draws a range. Answers have the format Native, with the columns that each names. */
export type HistoryQuestion =
  | LinesQuestion
  | ProfilesQuestion
  | MarksQuestion
  | RolledQuestion
  | SamplesQuestion
  | ValuesQuestion
  | RolledValuesQuestion
  | LeavesQuestion
  | LeafValuesQuestion
  | FallenQuestion
  | StacksQuestion
  | FramesQuestion

/** Columns: line UInt128, series String, body String. */
export interface LinesQuestion {
  readonly ask: 'lines'
  readonly seriesIds: readonly string[]
}

/** Columns: number UInt64, index of the line UInt32, time and duration Int64, sums and totals Array(Int128). */
export interface ProfilesQuestion extends HourSpan {
  readonly ask: 'profiles'
  readonly lines: readonly LineId[]
}

/** The marks of a roll-up. Columns: index of the line UInt32, start of the bucket UInt32 in seconds, sum Int64. */
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

/** Sums of a roll-up by stack. Columns: group UInt32, stack UInt32, a sum Int64 for each column. */
export interface RolledQuestion extends Sums {
  readonly ask: 'rolled'
  readonly level: 'day' | 'hour'
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

/** Sums over profiles by stack. Columns: group UInt32, stack UInt32, then the sums. */
export interface SamplesQuestion extends Sums, HourSpan {
  readonly ask: 'samples'
  readonly numbers: readonly number[]
  /** Of each number: the group that it belongs to. */
  readonly groups: readonly number[]
  /** How often each counts; absent where each counts once. */
  readonly weights?: readonly number[]
  /** Whether sums are Int128 or, modulo 2^64, Int64. */
  readonly isWide: boolean
}

/** What each profile has of some stacks. Columns: number UInt64, sum Int128. */
export interface ValuesQuestion extends HourSpan {
  readonly ask: 'values'
  readonly lines: readonly LineId[]
  readonly column: number
  readonly stacks: readonly number[]
}

/**
 * What each roll-up has of some stacks, or last frames. Columns: index of the line UInt32, start of the bucket UInt32 in
 * seconds, sum and marks Int64.
 */
export interface RolledValuesQuestion extends HourSpan {
  readonly ask: 'rolledValues'
  readonly level: Level
  readonly lines: readonly LineId[]
  readonly column: number
  readonly numbers: readonly number[]
}

/** The last frames that roll-ups have, and maybe had. Columns: frame UInt32. */
export interface LeavesQuestion extends HourSpan {
  readonly ask: 'leaves'
  readonly lines: readonly LineId[]
}

/** What each profile has by last frame. Columns: number UInt64, frame UInt32, sum Int128. */
export interface LeafValuesQuestion extends HourSpan {
  readonly ask: 'leafValues'
  readonly lines: readonly LineId[]
  readonly column: number
  /** Of profiles. */
  readonly numbers: readonly number[]
}

/**
 * In which profile a value is less than in the one before it of the same process. Columns: number of the later one
 * UInt64, 1 or 0 UInt8.
 */
export interface FallenQuestion extends HourSpan {
  readonly ask: 'fallen'
  readonly lines: readonly LineId[]
  readonly columns: readonly number[]
  readonly pairs: readonly (readonly [previous: number, next: number])[]
}

/** Columns: number UInt32, frames Array(UInt32), labels String, path String: as `readPaths` reads them. */
export interface StacksQuestion {
  readonly ask: 'stacks'
  readonly numbers: readonly number[]
}

/** Columns: number UInt32, body String. */
export interface FramesQuestion {
  readonly ask: 'frames'
  readonly numbers: readonly number[]
}

import { type Baseline, type Levels, mergeLevels, type TimedLevels } from '../diagnosis/index.ts'
import { packLevels, unpackLevels } from './pack-levels.ts'

/** Levels as they are stored. */
interface PackedLevels {
  readonly atMs: number
  readonly version: string | null
  readonly levels: string
}

/** What is stored of a process. */
export interface PackedBaseline extends Pick<Baseline, 'atMs' | 'open'> {
  readonly captures: readonly (PackedLevels & { readonly id: string })[]
  readonly hours: readonly PackedLevels[]
}

/** A baseline as it is judged by: before `atMs`, which a profile may know better than its row. */
export function openBaseline(packed: PackedBaseline, atMs: number = packed.atMs): Baseline {
  const isBefore = (one: PackedLevels) => one.atMs < atMs
  return {
    atMs,
    open: packed.open.filter(({ sinceMs }) => sinceMs < atMs),
    captures: packed.captures.filter(isBefore).flatMap(unpacked),
    hours: packed.hours.filter(isBefore).flatMap(unpacked),
  }
}

function unpacked({ atMs, version, levels: text }: PackedLevels): TimedLevels[] {
  const levels = unpackLevels(text)
  return levels === null ? [] : [{ atMs, version, levels }]
}

/** An hour with the captures that it holds now. */
interface HourOfCaptures extends PackedLevels {
  readonly captureIds: readonly string[]
}

const HOUR_MS = 3600 * 1000

/** What a judgement adds to a baseline: its own levels, and the hours that were over an hour ago. */
export function addToBaseline(
  packed: PackedBaseline,
  measured: { readonly levels: Levels; readonly version: string | null } | null,
) {
  return {
    levels: measured === null ? null : packLevels(measured.levels),
    version: measured?.version ?? null,
    hours: foldedHours(packed),
  }
}

function foldedHours({ atMs, captures, hours }: PackedBaseline): readonly HourOfCaptures[] {
  const over = captures.filter((capture) => hourOf(capture) + 2 * HOUR_MS <= atMs)
  return [...Map.groupBy(over, hourOf)].map(([hourMs, own]) => {
    const before = hours.filter((hour) => hour.atMs === hourMs)
    const parts = [...before, ...own].flatMap(({ levels }) => unpackLevels(levels) ?? [])
    return {
      atMs: hourMs,
      version: own.at(-1)?.version ?? null,
      levels: packLevels(mergeLevels(parts)),
      captureIds: own.map(({ id }) => id),
    }
  })
}

function hourOf({ atMs }: PackedLevels): number {
  return Math.floor(atMs / HOUR_MS) * HOUR_MS
}

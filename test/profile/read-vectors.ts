import { existsSync, readFileSync } from 'node:fs'

const folder = new URL('../../../shared/conformance/vectors/', import.meta.url)

/** Whether pprof's recorded answers lie beside this repository. */
export const hasVectors = existsSync(folder)

/** Rows of texts recorded from pprof: what a function was given and what it answered. */
export function readVectors(name: string): readonly Readonly<Record<string, string>>[] {
  const rows: unknown = JSON.parse(readFileSync(new URL(name, folder), 'utf8'))
  if (!isRows(rows)) throw new Error(`${name} does not hold rows of texts`)
  return rows
}

function isRows(value: unknown): value is readonly Readonly<Record<string, string>>[] {
  return Array.isArray(value) && value.every((row) => typeof row === 'object' && row !== null)
}

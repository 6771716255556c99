import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import {
  type MetricInventory,
  parseInventory,
  parseMetricInventory,
  type SymbolInventory,
} from '../../diagnosis/symbols.ts'

const FOLDER = fileURLToPath(new URL('../../rules/inventory/', import.meta.url))

/** The known functions: those of the modules that were read, and those listed by hand in `further.txt`. */
export function readInventory(): SymbolInventory {
  const read = gunzipSync(readFileSync(`${FOLDER}symbols.txt.gz`)).toString()
  return parseInventory(read + readFileSync(`${FOLDER}further.txt`, 'utf8'))
}

/** The known metrics, including `further-metrics.txt`. */
export function readMetricInventory(): MetricInventory {
  return parseMetricInventory(gunzipSync(readFileSync(`${FOLDER}metrics.txt.gz`)).toString())
}

/** The flags that advice names, as `flags.txt` lists them. */
export function readFlagInventory(): string {
  return readFileSync(`${FOLDER}flags.txt`, 'utf8')
}

import { writeFileSync } from 'node:fs'

const NUMBER_MAX = 9999

/** Writes a new file, `<start>001<end>` or with the first free number, and returns its path. */
export function writeNewFile(
  bytes: Uint8Array,
  { start, end }: { readonly start: string; readonly end: string },
): string {
  for (let number = 1; number <= NUMBER_MAX; number++) {
    const path = `${start}${String(number).padStart(3, '0')}${end}`
    try {
      writeFileSync(path, bytes, { flag: 'wx', mode: 0o600 })
      return path
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    }
  }
  throw Object.assign(new Error(`${start}001${end} and the numbers after it are taken`), {
    code: 'EEXIST',
  })
}

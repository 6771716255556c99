import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { REPOSITORY } from '../run-process.ts'

/** The CPU profiles among the examples. */
export function exampleProfiles(): string[] {
  const examples = join(REPOSITORY, 'examples')
  return readdirSync(examples, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('cpu.pb.gz'))
    .sort()
    .map((file) => join(examples, file))
}

/** One of them, always the same. */
export function exampleProfile(): string {
  const [first] = exampleProfiles()
  if (first === undefined) throw new Error('no example of a CPU profile')
  return first
}

import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { isRecord } from '../../api/json-value.ts'
import { isBundleName } from '../../api/profiles/bundle-name.ts'
import { ProfileFormatError } from '../../profile/index.ts'

/** What is wrong with the `capture.json` of a folder or bundle; null without one, and where the server must say it. */
export async function manifestFaultIn(path: string): Promise<string | null> {
  const bytes = isBundleName(path) ? await manifestInBundle(path) : await manifestInFolder(path)
  return bytes === null ? null : manifestFault(bytes)
}

async function manifestInFolder(folder: string): Promise<Uint8Array | null> {
  return readFile(join(folder, 'capture.json')).catch(() => null)
}

async function manifestInBundle(path: string): Promise<Uint8Array | null> {
  try {
    const { readBundle } = await import('../../judge/index.ts')
    const files = await readBundle(await readFile(path))
    const manifest = files.find(({ name }) => basename(name) === 'capture.json')
    return manifest === undefined ? null : await manifest.read()
  } catch (error) {
    // The server says what is wrong with the bundle.
    if (error instanceof ProfileFormatError) return null
    throw error
  }
}

/** Why a `capture.json` cannot be read, with line and column; null where it can be. */
function manifestFault(bytes: Uint8Array): string | null {
  const text = new TextDecoder().decode(bytes)
  try {
    return isRecord(JSON.parse(text)) ? null : 'is no JSON object, {"target": "api-0", ...}'
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    const [line, column] = placeOf(text, faultAt(text, message))
    return `is no JSON: line ${line}, column ${column}: ${messageAlone(message)}`
  }
}

/** The parser gives the place of most faults in its message, but not of a word that is no JSON, nor of an early end. */
function faultAt(text: string, message: string): number {
  const position = /at position (\d+)/.exec(message)?.[1]
  if (position !== undefined) return Number(position)
  if (!isWordFault(message)) return text.length
  // Whatever follows the word does not matter, so all beginnings that hold it fail in the same way.
  let [good, bad] = [0, text.length]
  while (bad - good > 1) {
    const middle = (good + bad) >> 1
    if (failsByWord(text.slice(0, middle))) bad = middle
    else good = middle
  }
  return good
}

function failsByWord(text: string): boolean {
  try {
    JSON.parse(text)
    return false
  } catch (error) {
    return error instanceof Error && isWordFault(error.message)
  }
}

function isWordFault(message: string): boolean {
  return message.startsWith('Unexpected token')
}

function placeOf(text: string, position: number): readonly [number, number] {
  const lines = text.slice(0, position).split('\n')
  return [lines.length, (lines.at(-1) ?? '').length + 1]
}

/** Without the place, and without the text around it, which may be long. */
function messageAlone(message: string): string {
  const [first = message] = message.split(/ in JSON| after JSON|, "|, \.\.\./)
  return `${first.slice(0, 1).toLowerCase()}${first.slice(1)}`
}

import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type Keyring, makeKeyring, newKeyLine, parseKeyFile } from '../../../server/index.ts'
import { flushFolder } from '../../../store/blobs.ts'
import type { Settings } from '../../settings/settings.ts'
import { CommandError } from '../../terminal/command-error.ts'
import { fileFault } from '../../terminal/file-fault.ts'

const FILE_NAME = 'secret.key'
const OWNER_ONLY = 0o600

/** The file whose keys seal stored secrets. */
export function keyFileOf({ accounts, store }: Settings): string {
  return accounts.keyFile === '' ? join(store.directory, FILE_NAME) : accounts.keyFile
}

/** Opens the key file; the one in the data folder is made when it is missing. */
export async function openKeyring(settings: Settings): Promise<Keyring> {
  return makeKeyring(await readKeys(settings))
}

export async function readKeys(settings: Settings) {
  const file = keyFileOf(settings)
  if (settings.accounts.keyFile === '') await makeKeyFile(file)
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new CommandError(`cannot read the key file ${file}: ${fileFault(error)}`, 69)
  })
  try {
    return parseKeyFile(text)
  } catch (error) {
    throw new CommandError(`the key file ${file} is not valid: ${messageOf(error)}`, 69)
  }
}

/** Of several processes that start at once, one makes the file; each sees it whole, and so does one after a power cut. */
async function makeKeyFile(file: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  if (existsSync(file)) return
  const draft = `${file}.${randomUUID()}`
  try {
    await writeFile(draft, `${newKeyLine()}\n`, { mode: OWNER_ONLY, flush: true })
    await link(draft, file)
    await flushFolder(dirname(file))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return
    throw new CommandError(`cannot make the key file ${file}: ${messageOf(error)}`, 69)
  } finally {
    await rm(draft, { force: true })
  }
}

/** Puts a new key before those of the file. */
export async function rotateKeys(settings: Settings): Promise<void> {
  const file = keyFileOf(settings)
  if (!existsSync(file)) {
    throw new CommandError(
      `there is no key file ${file}, so nothing is sealed: a server makes it when it starts; name the data folder with --data`,
    )
  }
  await readKeys(settings)
  const next = `${newKeyLine()}\n${await readFile(file, 'utf8')}`
  await writeFile(`${file}.new`, next, { mode: OWNER_ONLY, flush: true })
  await rename(`${file}.new`, file)
  await flushFolder(dirname(file))
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

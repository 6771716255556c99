import { accessSync, constants, globSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'

/** A program that some suites need and that no npm package brings. */
interface Requirement {
  readonly name: string
  readonly commands: readonly string[]
  /** There where whole folders run on request, whatever is on the machine. */
  readonly folders?: readonly string[]
  readonly get: string
  /** There where its suites take many minutes: they run where the environment has this variable, and `run` sets it. */
  readonly onRequest?: { readonly variable: string; readonly run: string }
}

const list: readonly Requirement[] = JSON.parse(
  readFileSync(new URL('requirements.json', import.meta.url), 'utf8'),
)

/** Where Debian keeps the programs of a Postgres server; they are not on the path. */
const POSTGRES_FOLDERS = '/usr/lib/postgresql/*/bin'

/** ClickHouse comes as a package for Node that is too large to be one of ours. */
const CLICKHOUSE_FOLDER = join(homedir(), '.cache', 'kubeprof-chdb', 'node_modules', '.bin')

/** Schemathesis comes as packages for Python, in an environment of their own. */
const SCHEMATHESIS_FOLDER = join(homedir(), '.cache', 'kubeprof-schemathesis', 'bin')

/** The program's path, or `null` when this machine lacks it. Go's own bin folder and those of Postgres, ClickHouse and schemathesis count. */
export function find(command: string): string | null {
  const onPath = (process.env['PATH'] ?? '').split(delimiter)
  const folders = [
    ...onPath,
    join(homedir(), 'go', 'bin'),
    CLICKHOUSE_FOLDER,
    SCHEMATHESIS_FOLDER,
    ...globSync(POSTGRES_FOLDERS),
  ]
  return folders.map((folder) => join(folder, command)).find(isExecutable) ?? null
}

/**
 * For `describe.skipIf(lacks('redis'))`: true when the program is missing, or its suites run on request and are not
 * requested. With `KUBEPROF_TEST_REQUIRE_ALL` set all are requested, and a missing program is a failure instead.
 */
export function lacks(name: string): boolean {
  const requirement = list.find((candidate) => candidate.name === name)
  if (requirement === undefined) throw new Error(`test/requirements.json does not list ${name}`)
  if (!isRequested(requirement)) return true
  const isMissing = requirement.commands.some((command) => find(command) === null)
  if (isMissing && isAllRequired()) {
    throw new Error(`${name} is required here: ${requirement.get}`)
  }
  return isMissing
}

/** The folders of suites that run on request and are not requested. */
export function foldersLeftOut(): readonly string[] {
  return list.filter((one) => !isRequested(one)).flatMap(({ folders = [] }) => folders)
}

function isRequested({ onRequest }: Requirement): boolean {
  const isAsked = onRequest === undefined || process.env[onRequest.variable] !== undefined
  return isAsked || isAllRequired()
}

function isAllRequired(): boolean {
  return process.env['KUBEPROF_TEST_REQUIRE_ALL'] !== undefined
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { Readable } from 'node:stream'
import type { CommandIo } from './command-io.ts'
import { describeFlags, parseFlags, type FlagSpec } from './parse-flags.ts'
import { CommandError } from './command-error.ts'

const FLAGS: Readonly<Record<string, FlagSpec>> = {
  target: { kind: 'text', valueName: 'NAME', help: 'The process the profiles were taken from' },
  component: { kind: 'text', valueName: 'NAME', help: 'kube-apiserver, etcd, ...' },
  cluster: { kind: 'text', valueName: 'NAME', help: 'The cluster it belongs to' },
  wait: { kind: 'text', valueName: 'SECONDS', help: 'Wait this long for each report' },
  'token-file': { kind: 'text', valueName: 'FILE', help: 'A file that holds the token to send' },
  help: { kind: 'switch', help: 'Show this' },
}

/** `kubeprof push URL PATH...`: uploads files; `-` reads standard input. */
export async function runPush(args: readonly string[], io: CommandIo): Promise<number> {
  const { text, switches, positionals } = parseFlags(args, FLAGS)
  if (switches.has('help')) {
    io.writeOut(`usage: kubeprof push [flags] URL PATH...\n\n${describeFlags(FLAGS)}`)
    return 0
  }
  const [server, ...paths] = positionals
  if (server === undefined || !/^https?:\/\//.test(server) || !URL.canParse(server)) {
    throw new CommandError('the first argument is the server: http://127.0.0.1:7070')
  }
  if (paths.length === 0) throw new CommandError('say which files to push')
  const token = await readToken(text['token-file'] ?? null)
  let exitCode = 0
  for (const path of paths) {
    const isPushed = await pushFile(server, path, { fields: text, token }, io)
    if (!isPushed) exitCode = 3
  }
  return exitCode
}

interface PushOptions {
  readonly fields: Readonly<Record<string, string>>
  readonly token: string | null
}

async function pushFile(
  server: string,
  path: string,
  options: PushOptions,
  io: CommandIo,
): Promise<boolean> {
  const body = await openFile(path, io)
  if (body === null) return false
  const url = uploadUrl(server, path, options.fields)
  try {
    const response = await fetch(url, {
      method: 'POST',
      body: Readable.toWeb(body),
      duplex: 'half',
      headers: {
        'content-type': 'application/octet-stream',
        ...(options.token === null ? {} : { authorization: `Bearer ${options.token}` }),
      },
    })
    const reply: unknown = await response.json()
    return report(path, server, reply, io)
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
    const why = cause instanceof Error ? cause.message : String(cause)
    io.writeError(`${path}: ${new URL(server).origin} did not answer as kubeprof does: ${why}\n`)
    return false
  }
}

function uploadUrl(server: string, path: string, fields: PushOptions['fields']): URL {
  const url = new URL('/api/v1/profiles', server)
  if (path !== '-') url.searchParams.set('name', basename(path))
  for (const name of ['target', 'component', 'cluster', 'wait']) {
    const value = fields[name]
    if (value !== undefined) url.searchParams.set(name, value)
  }
  return url
}

async function openFile(path: string, io: CommandIo): Promise<Readable | null> {
  if (path === '-') return io.stdin()
  try {
    if ((await stat(path)).isFile()) return createReadStream(path)
    io.writeError(`${path}: is not a file\n`)
  } catch (error) {
    io.writeError(`${path}: cannot be read: ${error instanceof Error ? error.message : ''}\n`)
  }
  return null
}

/** Prints where the profile is now, or why it was refused. */
function report(path: string, server: string, reply: unknown, io: CommandIo): boolean {
  const web = textAt(reply, ['links', 'web'])
  if (web === null) {
    const message = textAt(reply, ['error', 'message']) ?? 'the server answered something else'
    io.writeError(`${path}: ${message}\n`)
    return false
  }
  const worst = textAt(reply, ['profile', 'worstFinding', 'title'])
  io.writeOut(`${path}: ${new URL(web, server).href}${worst === null ? '' : `  ${worst}`}\n`)
  return true
}

function textAt(value: unknown, path: readonly string[]): string | null {
  let at = value
  for (const key of path) {
    if (typeof at !== 'object' || at === null) return null
    at = Reflect.get(at, key)
  }
  return typeof at === 'string' ? at : null
}

async function readToken(file: string | null): Promise<string | null> {
  if (file === null) return null
  const { readFile } = await import('node:fs/promises')
  return (await readFile(file, 'utf8')).trim()
}

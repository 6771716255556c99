import { textAt } from '../../api/json-value.ts'
import { createReadStream, type Stats } from 'node:fs'
import { access, constants, readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import type { CommandIo } from '../terminal/command-io.ts'
import type { FlagSpec, ParsedFlags } from '../terminal/parse-flags.ts'
import { defineCommand } from '../terminal/define-command.ts'
import { CommandError } from '../terminal/command-error.ts'
import { cleanText } from '../terminal/terminal-text.ts'
import { fileFault } from '../terminal/file-fault.ts'
import { readType, TYPE_FLAG } from '../diagnose/judgement-flags.ts'
import { readServer } from './read-server.ts'
import { readToken } from './read-token.ts'
import { bundlesOf, type ProcessBundle } from './process-bundles.ts'
import { authorization, causeOf, sendBundle } from './send-bundle.ts'
import { isBundleName } from '../../api/profiles/bundle-name.ts'

const FLAGS: Readonly<Record<string, FlagSpec>> = {
  target: { kind: 'text', valueName: 'NAME', help: 'The process the profiles were taken from' },
  component: { kind: 'text', valueName: 'NAME', help: 'kube-apiserver, etcd, ...' },
  instance: { kind: 'text', valueName: 'NAME', help: 'Which of several such processes' },
  cluster: { kind: 'text', valueName: 'NAME', help: 'The cluster it belongs to' },
  type: TYPE_FLAG,
  wait: { kind: 'text', valueName: 'SECONDS', help: 'Wait this long for each report' },
  'token-file': {
    kind: 'text',
    valueName: 'FILE',
    help: 'A file with the token to send; else $KUBEPROF_TOKEN',
  },
}

/** The metadata flags of an upload. */
const DECLARED = ['target', 'component', 'instance', 'cluster']
const WAIT_POLL_MS = 200

const USAGE = `usage: kubeprof push [flags] URL PATH...

Uploads profiles, and captures: a folder of profiles with their metrics, version and logs, or a bundle of one (.tar.gz,
.tar.zst). - reads a profile from standard input.
`

/** `kubeprof push URL PATH...`: uploads files, and folders as captures; `-` reads standard input. */
export const runPush = defineCommand({
  name: 'push',
  usage: USAGE,
  flags: FLAGS,
  argumentsMax: Number.POSITIVE_INFINITY,
  run,
})

async function run({ text, positionals }: ParsedFlags, io: CommandIo): Promise<number> {
  const [address, ...paths] = positionals
  if (address === undefined) {
    throw new CommandError('name the server first: kubeprof push http://127.0.0.1:7070 PATH...')
  }
  const server = readServer('the first argument', address).href
  if (paths.length === 0) throw new CommandError('say which files or folders to push')
  const token = await readToken({ flag: '--token-file', file: text['token-file'] }, io)
  readType(text)
  assertWait(text)
  let exitCode = 0
  for (const path of paths) {
    const isPushed = await push(server, path, { fields: text, token }, io)
    if (!isPushed) exitCode = 3
  }
  return exitCode
}

function assertWait({ wait = '0' }: ParsedFlags['text']): void {
  if (!/^[0-9]{1,3}s?$/.test(wait)) {
    throw new CommandError(`--wait is a whole number of seconds below 1000, not "${wait}"`)
  }
}

interface PushOptions {
  readonly fields: Readonly<Record<string, string>>
  readonly token: string | null
}

async function push(
  server: string,
  path: string,
  options: PushOptions,
  io: CommandIo,
): Promise<boolean> {
  if (path === '-') return pushProfile(server, { path, body: io.stdin() }, options, io)
  const found = await statOf(path, io)
  if (found === null) return false
  if (found.isDirectory()) return pushBundles(server, path, options, io)
  if (!found.isFile()) {
    io.writeError(`${path}: is neither a file nor a folder\n`)
    return false
  }
  if (!(await isReadable(path, found, io))) return false
  if (isBundleName(path)) return pushBundles(server, path, options, io)
  return pushProfile(server, { path, body: createReadStream(path) }, options, io)
}

async function statOf(path: string, io: CommandIo): Promise<Stats | null> {
  try {
    return await stat(path)
  } catch (error) {
    io.writeError(`${path}: cannot be read: ${fileFault(error)}\n`)
    return null
  }
}

async function isReadable(path: string, { size }: Stats, io: CommandIo): Promise<boolean> {
  const fault = await access(path, constants.R_OK).then(
    () => (size === 0 ? `is empty${EMPTY_HINT}` : null),
    (error: unknown) => `cannot be read: ${fileFault(error)}`,
  )
  if (fault !== null) io.writeError(`${path}: ${fault}\n`)
  return fault === null
}

interface PushedFile {
  readonly path: string
  readonly body: Readable
}

async function pushProfile(
  server: string,
  { path, body }: PushedFile,
  options: PushOptions,
  io: CommandIo,
): Promise<boolean> {
  const url = uploadUrl(server, path, options.fields)
  try {
    const response = await fetch(url, {
      method: 'POST',
      body: Readable.toWeb(body),
      duplex: 'half',
      headers: { 'content-type': 'application/octet-stream', ...authorization(options.token) },
    })
    const reply: unknown = await response.json()
    return report(path, server, reply, io)
  } catch (error) {
    const why = causeOf(error)
    io.writeError(`${path}: ${new URL(server).origin} did not answer as kubeprof does: ${why}\n`)
    return false
  }
}

/** A capture folder or its bundle becomes a capture; a folder of another tool becomes one for each process. */
async function pushBundles(
  server: string,
  path: string,
  options: PushOptions,
  io: CommandIo,
): Promise<boolean> {
  const bundles = isBundleName(path)
    ? [{ fields: {}, body: new Uint8Array(await readFile(path)), emptyFiles: [], links: [] }]
    : await bundlesOf(path)
  if (bundles.length === 0) io.writeError(`${path}: the folder holds no files\n`)
  let isPushed = bundles.length > 0
  for (const bundle of bundles) {
    for (const file of bundle.emptyFiles) {
      io.writeError(`${path}: ${file} is empty and left out${EMPTY_HINT}\n`)
    }
    for (const link of bundle.links) {
      io.writeError(`${path}: ${link} is a symbolic link and left out\n`)
    }
    isPushed = (await pushBundle(server, path, { ...options, bundle }, io)) && isPushed
  }
  return isPushed
}

const EMPTY_HINT = ': the process answered nothing (etcd: --enable-pprof is off by default)'

async function pushBundle(
  server: string,
  path: string,
  { fields, token, bundle }: PushOptions & { readonly bundle: ProcessBundle },
  io: CommandIo,
): Promise<boolean> {
  const reply = await sendBundle({
    server: new URL(server),
    token,
    fields: { ...bundle.fields, ...declaredFields(fields) },
    body: bundle.body,
  })
  if ('refusal' in reply) {
    io.writeError(`${path}: ${reply.refusal}\n`)
    return false
  }
  for (const name of reply.skipped) {
    io.writeError(`${path}: ${name} is not a file, such as a symbolic link, and is left out\n`)
  }
  if (reply.ignored.length > 0) {
    io.writeError(`${path}: not read in capture.json: ${cleanText(reply.ignored.join(', '))}\n`)
  }
  const worst = await waitForFinding(reply.self, { fields, token })
  io.writeOut(`${path}: ${reply.web.href}${worst === null ? '' : `  ${worst}`}\n`)
  return true
}

/** The worst finding of a capture, after waiting as long as `--wait` says. */
async function waitForFinding(self: URL, { fields, token }: PushOptions): Promise<string | null> {
  const endMs = performance.now() + Number.parseFloat(fields['wait'] ?? '0') * 1000
  while (performance.now() < endMs) {
    const response = await fetch(self, { headers: authorization(token) })
    const reply: unknown = await response.json()
    if (textAt(reply, 'capture', 'reportStatus') !== 'waiting') {
      return textAt(reply, 'capture', 'worstFinding', 'title')
    }
    await delay(WAIT_POLL_MS)
  }
  return null
}

function declaredFields(fields: PushOptions['fields']): Readonly<Record<string, string>> {
  return Object.fromEntries(
    DECLARED.flatMap((name) => {
      const value = fields[name]
      return value === undefined ? [] : [[name, value]]
    }),
  )
}

function uploadUrl(server: string, path: string, fields: PushOptions['fields']): URL {
  const url = new URL('/api/v1/profiles', server)
  if (path !== '-') url.searchParams.set('name', basename(path))
  for (const [name, value] of Object.entries(declaredFields(fields)))
    url.searchParams.set(name, value)
  for (const name of ['type', 'wait']) {
    const value = fields[name]
    if (value !== undefined) url.searchParams.set(name, value)
  }
  return url
}

/** Prints the profile's address, or why it was refused. */
function report(path: string, server: string, reply: unknown, io: CommandIo): boolean {
  const web = textAt(reply, 'links', 'web')
  if (web === null) {
    const message = textAt(reply, 'error', 'message') ?? 'the server answered something else'
    io.writeError(`${path}: ${message}\n`)
    return false
  }
  const worst = textAt(reply, 'profile', 'worstFinding', 'title')
  io.writeOut(`${path}: ${new URL(web, server).href}${worst === null ? '' : `  ${worst}`}\n`)
  return true
}

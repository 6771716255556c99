import { textAt, valueAt } from '../../api/json-value.ts'
import { createReadStream, type Stats } from 'node:fs'
import { access, constants, readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import type { CommandIo } from '../terminal/command-io.ts'
import type { ParsedFlags } from '../terminal/parse-flags.ts'
import { defineCommand } from '../terminal/define-command.ts'
import { CommandError } from '../terminal/command-error.ts'
import { cleanText } from '../terminal/terminal-text.ts'
import { fileFault } from '../terminal/file-fault.ts'
import { type Declared, PUSH_FLAGS, readDeclared } from './push-flags.ts'
import { manifestFaultIn } from './manifest-fault.ts'
import { readServer } from './read-server.ts'
import { readToken } from './read-token.ts'
import { bundlesOf, type ProcessBundle } from './process-bundles.ts'
import { authorization, causeOf, sendBundle } from './send-bundle.ts'
import { isBundleName } from '../../api/profiles/bundle-name.ts'

const WAIT_POLL_MS = 200

const USAGE = `usage: kubeprof push [flags] URL PATH...

Uploads profiles, and captures: a folder of profiles with their metrics, version and logs, or a bundle of one (.tar.gz,
.tar.zst). - reads a profile from standard input. What names no --target is judged, but is neither in the fleet nor in
its findings over time. Flags replace what a capture.json says.
`

/** `kubeprof push URL PATH...`: uploads files, and folders as captures; `-` reads standard input. */
export const runPush = defineCommand({
  name: 'push',
  usage: USAGE,
  flags: PUSH_FLAGS,
  argumentsMax: Number.POSITIVE_INFINITY,
  run,
})

async function run(flags: ParsedFlags, io: CommandIo): Promise<number> {
  const { text, positionals } = flags
  const [address, ...paths] = positionals
  if (address === undefined) {
    throw new CommandError('name the server first: kubeprof push http://127.0.0.1:7070 PATH...')
  }
  const server = readServer('the first argument', address).href
  if (paths.length === 0) throw new CommandError('say which files or folders to push')
  const token = await readToken({ flag: '--token-file', file: text['token-file'] }, io)
  const declared = readDeclared(flags)
  if (declared.note !== null) await refuseNoteOfProfile(paths)
  const unfollowed: string[] = []
  let exitCode = 0
  for (const path of paths) {
    const isPushed = await push(server, path, { declared, token, unfollowed }, io)
    if (!isPushed) exitCode = 3
  }
  sayUnfollowed(unfollowed, io)
  return exitCode
}

async function refuseNoteOfProfile(paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    const isCapture =
      isBundleName(path) ||
      (await stat(path).then(
        (found) => found.isDirectory(),
        () => true,
      ))
    if (path === '-' || !isCapture) {
      const hint = 'push the folder it is in, or use --label NAME=VALUE'
      throw new CommandError(`--note is of captures, and "${path}" is one profile: ${hint}`)
    }
  }
}

/** In one sentence, however many were pushed. */
function sayUnfollowed([first, ...others]: readonly string[], io: CommandIo): void {
  if (first === undefined) return
  const which = others.length === 0 ? first : `${first} and ${others.length} more`
  io.writeError(
    `${which}: judged, but in neither the fleet nor its findings, because no process is named: push it again with ` +
      '--target NAME, and --cluster NAME where there are several\n',
  )
}

interface PushOptions {
  readonly declared: Declared
  readonly token: string | null
  /** Paths of what names no process; added to. */
  readonly unfollowed: string[]
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
  const url = uploadUrl(server, path, options.declared)
  try {
    const response = await fetch(url, {
      method: 'POST',
      body: Readable.toWeb(body),
      duplex: 'half',
      headers: { 'content-type': 'application/octet-stream', ...authorization(options.token) },
    })
    const reply: unknown = await response.json()
    return report(path, { server, reply, unfollowed: options.unfollowed }, io)
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
  const fault = await manifestFaultIn(path)
  if (fault !== null) {
    const advice =
      'nothing is sent, because its names, times and labels would be lost: mend it, or take it out'
    io.writeError(`${path}: capture.json ${cleanText(fault)}; ${advice}\n`)
    return false
  }
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
  { declared, token, unfollowed, bundle }: PushOptions & { readonly bundle: ProcessBundle },
  io: CommandIo,
): Promise<boolean> {
  const reply = await sendBundle({
    server: new URL(server),
    token,
    fields: {
      ...bundle.fields,
      ...declared.fields,
      ...(declared.note === null ? {} : { note: declared.note }),
    },
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
  if (!reply.isFollowed) unfollowed.push(path)
  const worst = await waitForFinding(reply.self, { declared, token })
  io.writeOut(`${path}: ${reply.web.href}${worst === null ? '' : `  ${worst}`}\n`)
  return true
}

/** The worst finding of a capture, after waiting as long as `--wait` says. */
async function waitForFinding(
  self: URL,
  { declared, token }: Pick<PushOptions, 'declared' | 'token'>,
): Promise<string | null> {
  const endMs = performance.now() + declared.waitSeconds * 1000
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

function uploadUrl(server: string, path: string, { fields, ofProfiles }: Declared): URL {
  const url = new URL('/api/v1/profiles', server)
  if (path !== '-') url.searchParams.set('name', basename(path))
  for (const [name, value] of Object.entries({ ...fields, ...ofProfiles })) {
    url.searchParams.set(name, value)
  }
  return url
}

interface ProfileAnswer extends Pick<PushOptions, 'unfollowed'> {
  readonly server: string
  readonly reply: unknown
}

/** Prints the profile's address, or why it was refused. */
function report(
  path: string,
  { server, reply, unfollowed }: ProfileAnswer,
  io: CommandIo,
): boolean {
  const web = textAt(reply, 'links', 'web')
  if (web === null) {
    const message = textAt(reply, 'error', 'message') ?? 'the server answered something else'
    io.writeError(`${path}: ${message}\n`)
    return false
  }
  if (valueAt(reply, 'followed') === false) unfollowed.push(path)
  const worst = textAt(reply, 'profile', 'worstFinding', 'title')
  io.writeOut(`${path}: ${new URL(web, server).href}${worst === null ? '' : `  ${worst}`}\n`)
  return true
}

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { Readable } from 'node:stream'
import { AppError } from '../../../api/index.ts'
import { waitForAnalysis } from '../../../collect/index.ts'
import { encodeProfile, ReportError } from '../../../profile/index.ts'
import { isLoopback } from '../../../server/index.ts'
import { openBrowser } from '../../terminal/open-browser.ts'
import { closeOnSignal, makeClosers } from '../../service/closers.ts'
import { CommandError } from '../../terminal/command-error.ts'
import type { CommandIo } from '../../terminal/command-io.ts'
import { readSettings } from '../../settings/config.ts'
import { listen } from '../../service/listen.ts'
import { makeLogger } from '../../service/observe/make-logger.ts'
import { openService, type Service } from '../../service/open-service.ts'
import {
  changedProfile,
  changesProfile,
  chosenSampleType,
  pageQuery,
  unusedFlags,
} from './page-view.ts'
import type { PprofFlags } from '../flags/pprof-flags.ts'
import { reportSettings } from '../flags/pprof-settings.ts'
import { sourceBytesReader } from '../sources/read-source-bytes.ts'
import { readSources } from '../sources/read-sources.ts'
import { runCommand } from '../../terminal/run-command.ts'
import { explainStartError } from '../../service/start-error.ts'

const ANALYSIS_MS_MAX = 120_000

/**
 * `kubeprof pprof -http=HOST:PORT FILE`: the web page of one profile, from a temporary data directory.
 * Returns the exit code and reports its own failures, because it is loaded outside the bundle that calls it.
 */
export async function openWebPage(flags: PprofFlags, io: CommandIo): Promise<number> {
  return await runCommand('pprof', () => servePage(flags, io), [], io)
}

async function servePage(flags: PprofFlags, io: CommandIo): Promise<number> {
  const { host, port } = readHostPort(flags.texts.get('http') ?? '')
  const shown = await readShownProfile(flags, io)
  if (shown === null) return 3
  const directory = mkdtempSync(join(tmpdir(), 'kubeprof-http-'))
  const closers = makeClosers()
  closers.add(() => rmSync(directory, { recursive: true, force: true }))
  const settings = await readSettings({
    file: null,
    env: {},
    flags: {
      'server.host': host,
      'server.port': port,
      'store.directory': directory,
      'store.reserveBytes': '0',
      'log.level': 'error',
    },
  })
  try {
    const logger = makeLogger(settings.log, io.isTerminal)
    const service = await openService(settings, { logger, closers, serves: true, works: true })
    const analysed = await analyse(shown.bytes, {
      service,
      fileName: basename(flags.sources[0] ?? ''),
    })
    if ('fault' in analysed) {
      io.writeError(`kubeprof pprof: ${flags.sources.join(' ')}: ${analysed.fault}\n`)
      await closers.closeAll()
      return 3
    }
    const origin = await listen(settings.server, service, { logger, closers })
    const url = `${origin}/profiles/${analysed.id}${shown.query}`
    io.writeError(`Serving web UI on ${url}\n`)
    if (io.isTerminal && flags.switches.get('no_browser') !== true) await openBrowser(url, io.env)
  } catch (error) {
    await closers.closeAll().catch(() => undefined)
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
      throw new CommandError(`port ${port} on ${host} is in use: -http=: takes a free one`, 69)
    }
    throw explainStartError(error, settings.server)
  }
  return await closeOnSignal(closers)
}

/** As in pprof: `localhost` without a host, and a free port without a port. */
function readHostPort(text: string): { readonly host: string; readonly port: string } {
  const match = /^(?:\[([^\]]*)\]|([^:]*)):(\d*)$/.exec(text)
  if (match === null) throw new CommandError('-http takes HOST:PORT; either may be left out')
  const given = match[1] ?? match[2] ?? ''
  const host = given === '' || given === 'localhost' ? '127.0.0.1' : given
  if (!isLoopback(host)) {
    throw new CommandError(
      `-http serves this machine alone, and others can reach ${host}: use kubeprof serve, which knows tokens`,
    )
  }
  return { host, port: match[3] || '0' }
}

interface ShownProfile {
  readonly bytes: Uint8Array
  /** The flags that become part of the page's address. */
  readonly query: string
}

/** One file is uploaded unchanged; several, a comparison, or flags that change it become one profile first. */
async function readShownProfile(flags: PprofFlags, io: CommandIo): Promise<ShownProfile | null> {
  const settings = await reportSettings(flags, { name: 'http', symbol: null })
  const unused = unusedFlags(flags).map((name) => `-${name}`)
  if (unused.length > 0) io.writeError(`The page does not use ${unused.join(', ')}\n`)
  const { sources, lists } = flags
  const isOneFile = sources.length === 1 && !lists.has('base') && !lists.has('diff_base')
  const isChanged = changesProfile(flags, settings)
  if (isOneFile && !isChanged && settings.sampleIndex === '') {
    const [read] = await sourceBytesReader(flags, io)(sources)
    return read === undefined
      ? null
      : { bytes: read.bytes, query: pageQuery(flags, settings, null) }
  }
  const made = await readSources(flags, io, { keepsIds: false })
  if (made === null) return null
  const { profile } = made
  try {
    const bytes = isChanged ? changedProfile(profile, settings) : encodeProfile(profile)
    return { bytes, query: pageQuery(flags, settings, chosenSampleType(profile, settings)) }
  } catch (error) {
    if (error instanceof ReportError) throw new CommandError(error.message)
    throw error
  }
}

interface Upload {
  readonly service: Service
  readonly fileName: string
}

/** The id of the profile once it can be shown, or why it cannot. */
async function analyse(
  bytes: Uint8Array,
  { service, fileName }: Upload,
): Promise<{ readonly id: string } | { readonly fault: string }> {
  const { receiver, store } = service
  try {
    const { profile } = await receiver.receive({
      caller: 'page',
      source: { ...NO_SOURCE, fileName },
      body: Readable.from([bytes]),
      declaredSizeBytes: bytes.length,
    })
    const timeoutMs = ANALYSIS_MS_MAX
    const analysed = await waitForAnalysis(store.profiles, profile.id, { timeoutMs })
    const fault = analysed?.failure ?? null
    return fault === null ? { id: profile.id } : { fault: fault.message }
  } catch (error) {
    if (error instanceof AppError) return { fault: error.message }
    throw error
  }
}

const NO_SOURCE = {
  target: null,
  component: null,
  instance: null,
  cluster: null,
  type: null,
  takenAtMs: null,
  labels: [],
}

import { readFileSync, readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { CommandError } from './command-error.ts'
import type { CommandIo } from './command-io.ts'

/** The server that captures are pushed to. It holds a secret. */
export interface PushTarget {
  readonly server: URL
  readonly token: string | null
}

type Texts = Readonly<Record<string, string>>

/** What `--push` and `--push-token-file` say, or `$KUBEPROF_TOKEN`; null without `--push`. Throws a CommandError. */
export async function readPushTarget(text: Texts, { env }: CommandIo): Promise<PushTarget | null> {
  const { push } = text
  if (push === undefined) return null
  if (!/^https?:\/\//.test(push) || !URL.canParse(push)) {
    throw new CommandError(
      `--push is the address of a server, http://127.0.0.1:7070, not "${push}"`,
    )
  }
  const file = text['push-token-file']
  if (file === undefined) return { server: new URL(push), token: env['KUBEPROF_TOKEN'] ?? null }
  try {
    return { server: new URL(push), token: (await readFile(file, 'utf8')).trim() }
  } catch {
    throw new CommandError(`the file of --push-token-file, ${file}, cannot be read`)
  }
}

/** Uploads the folder of a capture as one bundle, and says where it is now. False when it was refused. */
export async function pushCapture(
  folder: string,
  { server, token }: PushTarget,
  io: CommandIo,
): Promise<boolean> {
  const url = new URL('/api/v1/captures?origin=command', server)
  try {
    const response = await fetch(url, {
      method: 'POST',
      body: await packFolder(folder),
      headers: {
        'content-type': 'application/gzip',
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      },
    })
    const reply: unknown = await response.json()
    const web = textAt(reply, ['links', 'web'])
    if (web !== null) {
      io.writeError(`pushed: ${new URL(web, server).href}\n`)
      return true
    }
    const message = textAt(reply, ['error', 'message']) ?? 'the server answered something else'
    io.writeError(`${folder}: ${server.origin} did not take it: ${message}\n`)
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
    const why = cause instanceof Error ? cause.message : String(cause)
    io.writeError(`${folder}: ${server.origin} did not answer as kubeprof does: ${why}\n`)
  }
  return false
}

async function packFolder(folder: string): Promise<Uint8Array<ArrayBuffer>> {
  const { packTar } = await import('modern-tar')
  const files = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile())
  const tar = await packTar(
    files.map(({ name }) => {
      const body = readFileSync(join(folder, name))
      return { header: { name, size: body.length, type: 'file' as const }, body }
    }),
  )
  // The files are compressed already.
  return new Uint8Array(gzipSync(tar, { level: 1 }))
}

function textAt(value: unknown, path: readonly string[]): string | null {
  let at = value
  for (const key of path) {
    if (typeof at !== 'object' || at === null) return null
    at = Reflect.get(at, key)
  }
  return typeof at === 'string' ? at : null
}

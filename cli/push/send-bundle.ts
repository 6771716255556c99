import { listAt, textAt, valueAt } from '../../api/json-value.ts'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

/** A capture as one file, and its destination. */
export interface SentBundle {
  /** Of the server. */
  readonly server: URL
  readonly token: string | null
  /** Metadata of the capture: target, component, ... */
  readonly fields: Readonly<Record<string, string>>
  readonly body: Uint8Array<ArrayBuffer>
}

/** The capture's address, the names of entries that are no files and what of its `capture.json` was not read, or why it was refused. */
export type BundleReply =
  | {
      readonly web: URL
      readonly self: URL
      readonly skipped: readonly string[]
      readonly ignored: readonly string[]
      /** Whether it enters the fleet and the history of findings. */
      readonly isFollowed: boolean
    }
  | { readonly refusal: string }

/** Uploads a bundle. An answer that is not kubeprof's counts as a refusal too. */
export async function sendBundle({
  server,
  token,
  fields,
  body,
}: SentBundle): Promise<BundleReply> {
  const url = new URL('/api/v1/captures', server)
  for (const [name, value] of Object.entries({ origin: 'command', ...fields })) {
    url.searchParams.set(name, value)
  }
  try {
    const response = await fetch(url, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/gzip', ...authorization(token) },
    })
    const reply: unknown = await response.json()
    const [web, self] = [textAt(reply, 'links', 'web'), textAt(reply, 'links', 'self')]
    if (web !== null && self !== null) {
      const skipped = listAt(reply, 'skipped').flatMap((entry) => textAt(entry, 'name') ?? [])
      const ignored = listAt(reply, 'ignored').map(
        (field) => `${textAt(field, 'name')} (${textAt(field, 'what')})`,
      )
      const isFollowed = valueAt(reply, 'followed') !== false
      return {
        web: new URL(web, server),
        self: new URL(self, server),
        skipped,
        ignored,
        isFollowed,
      }
    }
    const message = textAt(reply, 'error', 'message') ?? 'the server answered something else'
    return { refusal: `${server.origin} did not take it: ${message}` }
  } catch (error) {
    return { refusal: `${server.origin} did not answer as kubeprof does: ${causeOf(error)}` }
  }
}

/** A file and its name in a bundle. */
export interface PackedFile {
  readonly name: string
  readonly path: string
}

/** The files of a folder as one bundle; null where it has none. Subfolders are left out, as in a diagnosis. */
export async function packFolder(folder: string): Promise<Uint8Array<ArrayBuffer> | null> {
  const entries = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile())
  if (entries.length === 0) return null
  return packFiles(entries.map(({ name }) => ({ name, path: join(folder, name) })))
}

/** Files as one bundle. Empty ones are left out: a capture holds none. */
export async function packFiles(files: readonly PackedFile[]): Promise<Uint8Array<ArrayBuffer>> {
  const { packTar } = await import('modern-tar')
  const tar = await packTar(
    files.flatMap(({ name, path }) => {
      const body = readFileSync(path)
      if (body.length === 0) return []
      return [{ header: { name, size: body.length, type: 'file' as const }, body }]
    }),
  )
  // The files are compressed already.
  return new Uint8Array(gzipSync(tar, { level: 1 }))
}

export function authorization(token: string | null): Readonly<Record<string, string>> {
  return token === null ? {} : { authorization: `Bearer ${token}` }
}

/** Why a request failed, in the system's words. */
export function causeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  return cause instanceof Error ? cause.message : String(cause)
}

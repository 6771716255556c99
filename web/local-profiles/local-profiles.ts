import { useSyncExternalStore } from 'react'
import type { ProfileSummary } from '../../api/index.ts'
import type { JudgedFile } from './judge-file.ts'
import type { JudgeReply } from './judge-worker.ts'

/** Why a file is not a profile; `code` is of the error catalogue. */
export class UnreadableFileError extends Error {
  override readonly name = 'UnreadableFileError'
  readonly code: string

  constructor({ code, message }: { readonly code: string; readonly message: string }) {
    super(message)
    this.code = code
  }
}

/** A profile that is in this browser alone, until the page is closed. */
export interface LocalProfile extends JudgedFile {
  readonly summary: ProfileSummary
}

let kept: readonly LocalProfile[] = []
let worker: Worker | null = null
const listeners = new Set<() => void>()

/** The profiles read so far, the newest first. */
export function useLocalProfiles(): readonly LocalProfile[] {
  return useSyncExternalStore(subscribe, () => kept)
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function localProfile(id: string): LocalProfile | null {
  return kept.find(({ summary }) => summary.id === id) ?? null
}

/** Reads and judges a file in a worker. Throws an UnreadableFileError. */
export async function judgeLocally(name: string, file: Blob): Promise<JudgedFile> {
  const bytes = new Uint8Array(await file.arrayBuffer())
  const { port1, port2 } = new MessageChannel()
  worker ??= new Worker(new URL('./judge-worker.ts', import.meta.url), { type: 'module' })
  worker.postMessage({ file: { name, bytes, nowMs: Date.now() }, port: port2 }, [
    port2,
    bytes.buffer,
  ])
  const reply = await new Promise<JudgeReply>((resolve) => {
    port1.addEventListener('message', ({ data }: MessageEvent<JudgeReply>) => resolve(data))
    port1.start()
  })
  port1.close()
  if (!reply.ok) throw new UnreadableFileError(reply)
  return reply.judged
}

/** Keeps a judged file and returns its id. */
export function keepLocally(judged: JudgedFile): string {
  const id = `local-${kept.length + 1}`
  kept = [{ ...judged, summary: { ...judged.summary, id } }, ...kept]
  for (const listener of listeners) listener()
  return id
}

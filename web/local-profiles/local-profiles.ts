import { useSyncExternalStore } from 'react'
import type { CaptureSummary, ProfileSummary, TraceReply } from '../../api/index.ts'
import type { JudgedCapture } from './judge-capture.ts'
import type { JudgedFile, NamedBytes } from './judge-file.ts'
import type { JudgeReply, Judgements } from './judge-worker.ts'

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

/** The files of one process that are in this browser alone, until the page is closed. */
export interface LocalCapture extends Pick<JudgedCapture, 'reports' | 'requests'> {
  readonly summary: CaptureSummary
  /** Its execution trace, which is summed up on request. */
  readonly trace: File | null
}

interface Kept {
  /** The newest first. */
  readonly profiles: readonly LocalProfile[]
  readonly captures: readonly LocalCapture[]
}

let kept: Kept = { profiles: [], captures: [] }
let worker: Worker | null = null
const listeners = new Set<() => void>()

/** What was read so far, the newest first. */
export function useLocalFiles(): Kept {
  return useSyncExternalStore(subscribe, () => kept)
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function localProfile(id: string): LocalProfile | null {
  return kept.profiles.find(({ summary }) => summary.id === id) ?? null
}

/** Reads and judges a file in a worker. Throws an UnreadableFileError. */
export async function judgeLocally(name: string, file: Blob): Promise<JudgedFile> {
  return ask('profile', await bytesOf(name, file))
}

/** Reads the files of one process in a worker and judges them together. Throws an UnreadableFileError. */
export async function judgeTogether(files: readonly File[]): Promise<JudgedCapture> {
  return ask('capture', await Promise.all(files.map((file) => bytesOf(file.name, file))))
}

/** Sums up an execution trace in a worker. Throws an UnreadableFileError. */
export async function sumUpTrace(file: File): Promise<TraceReply> {
  return ask('trace', await bytesOf(file.name, file))
}

async function bytesOf(name: string, file: Blob): Promise<NamedBytes> {
  return { name, bytes: new Uint8Array(await file.arrayBuffer()), nowMs: Date.now() }
}

async function ask<Kind extends keyof Judgements>(
  kind: Kind,
  file: Judgements[Kind]['file'],
): Promise<Judgements[Kind]['judged']> {
  const { port1, port2 } = new MessageChannel()
  worker ??= new Worker(new URL('./judge-worker.ts', import.meta.url), { type: 'module' })
  worker.postMessage({ question: { kind, file }, port: port2 }, [port2])
  const reply = await new Promise<JudgeReply<Kind>>((resolve) => {
    port1.addEventListener('message', ({ data }: MessageEvent<JudgeReply<Kind>>) => resolve(data))
    port1.start()
  })
  port1.close()
  if (!reply.ok) throw new UnreadableFileError(reply)
  return reply.judged
}

/** Keeps a judged file and returns its id. */
export function keepLocally(judged: JudgedFile): string {
  const id = nextProfileId()
  keep({ ...kept, profiles: [{ ...judged, summary: { ...judged.summary, id } }, ...kept.profiles] })
  return id
}

/** Keeps a judged capture with its profiles and its trace, and returns its id. */
export function keepCaptureLocally(
  { summary, profiles, reports, requests }: JudgedCapture,
  files: readonly File[],
): string {
  const captureId = `${ID_PREFIX}${kept.captures.length + 1}`
  const named = profiles.map((judged, row) => {
    const id = nextProfileId(row)
    return { ...judged, summary: { ...judged.summary, id, captureId } }
  })
  const idOf = (fileName: string | null) =>
    named.find((profile) => profile.summary.fileName === fileName)?.summary.id ?? null
  const parts = summary.parts.map((part) => ({ ...part, profileId: idOf(part.fileName) }))
  const profileIds = named.map((profile) => profile.summary.id)
  const { fileName = null } = parts.find(({ kind }) => kind === 'trace') ?? {}
  const trace = files.find(({ name }) => name === fileName) ?? null
  const known = { ...summary, id: captureId, profileIds, parts }
  const capture = { summary: known, reports, requests, trace }
  keep({ profiles: [...named, ...kept.profiles], captures: [capture, ...kept.captures] })
  return captureId
}

const ID_PREFIX = 'local-'

function nextProfileId(row = 0): string {
  return `${ID_PREFIX}${kept.profiles.length + row + 1}`
}

function keep(next: Kept): void {
  kept = next
  for (const listener of listeners) listener()
}

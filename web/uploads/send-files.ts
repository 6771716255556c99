import type { ProfileType } from '../../api/index.ts'
import type { DescribedError } from '../texts/server-message.ts'

/** A file being uploaded, or refused by the server. Stored files are in the list of profiles. */
export interface Upload {
  readonly id: number
  readonly name: string
  /** 0 to 1. */
  readonly sentShare: number
  /** Why it was refused; `null` while it is being uploaded. */
  readonly failure: DescribedError | null
  /** What was left out of what is stored; `null` before, and where nothing was. */
  readonly note: string | null
}

export interface NamedBlob {
  readonly name: string
  readonly blob: Blob
  /** The profile type that the sender chose, for files that do not contain it. */
  readonly type?: ProfileType | null
}

export interface SendNeeds<Reply> {
  /** Sends one file; `onProgress` gets the share sent, 0 to 1. */
  readonly upload: (file: NamedBlob, onProgress: (share: number) => void) => Promise<Reply>
  /** What to tell of a stored file; it stays until the reader has seen it. */
  readonly noteOf?: (reply: Reply) => string | null
  /** Changes the list of uploads. */
  readonly change: (update: (all: readonly Upload[]) => readonly Upload[]) => void
}

let nextId = 1

/**
 * Sends the files one after the other. Returns the first stored one; `null` when all were refused.
 */
export async function sendFiles<Reply>(
  files: readonly NamedBlob[],
  needs: SendNeeds<Reply>,
): Promise<Reply | null> {
  let first: Reply | null = null
  for (const file of files) {
    const reply = await sendOne(file, needs)
    first = first ?? reply
  }
  return first
}

async function sendOne<Reply>(
  file: NamedBlob,
  { upload, change, noteOf }: SendNeeds<Reply>,
): Promise<Reply | null> {
  const id = nextId++
  const { name } = file
  const changeOne = (changes: Partial<Upload>) =>
    change((all) => all.map((item) => (item.id === id ? { ...item, ...changes } : item)))
  change((all) => [...all, { id, name, sentShare: 0, failure: null, note: null }])
  try {
    const reply = await upload(file, (sentShare) => changeOne({ sentShare }))
    const note = noteOf?.(reply) ?? null
    if (note === null) change((all) => all.filter((item) => item.id !== id))
    else changeOne({ sentShare: 1, note })
    return reply
  } catch (error) {
    changeOne({ failure: describe(error) })
    return null
  }
}

function describe(error: unknown): DescribedError {
  const message = error instanceof Error ? error.message : String(error)
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return { code, message }
}

import { filesOf } from './files-of-drop.ts'

let waiting: Promise<readonly File[]>[] = []
const listening = new AbortController()

/**
 * Takes files that are dropped or pasted while the app still loads its first page. Without this they would be lost: for a
 * drop the browser would leave the app to show the file.
 */
export function keepEarlyFiles(): void {
  const { signal } = listening
  document.addEventListener('dragover', keepDropped, { signal })
  document.addEventListener('drop', keepDropped, { signal })
  document.addEventListener('paste', keepPasted, { signal })
}

/** The files of each drop and paste until now, which are given out once. From now on the caller listens itself. */
export function takeEarlyFiles(): readonly Promise<readonly File[]>[] {
  listening.abort()
  const early = waiting
  waiting = []
  return early
}

function keepDropped(event: DragEvent): void {
  if (event.dataTransfer?.types.includes('Files') !== true) return
  event.preventDefault()
  if (event.type === 'drop') waiting.push(filesOf(event.dataTransfer))
}

function keepPasted({ clipboardData }: ClipboardEvent): void {
  waiting.push(Promise.resolve([...(clipboardData?.files ?? [])]))
}

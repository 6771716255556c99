const MESSAGE_LENGTH_MAX = 500

/** The `message` of a Kubernetes Status, as one line. */
export function statusMessage(text: string): string | null {
  try {
    const status: unknown = JSON.parse(text)
    if (typeof status !== 'object' || status === null || !('message' in status)) return null
    return typeof status.message === 'string' ? oneLine(status.message) : null
  } catch {
    return null
  }
}

/** Makes text from outside fit to be shown in a sentence. */
export function oneLine(text: string): string {
  const line = text.trim().replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
  return line.length > MESSAGE_LENGTH_MAX ? `${line.slice(0, MESSAGE_LENGTH_MAX)}…` : line
}

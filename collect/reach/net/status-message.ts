const MESSAGE_LENGTH_MAX = 500

/** `message` of the Status with which a Kubernetes API server refuses, as one line. */
export function statusMessage(text: string): string | null {
  try {
    const status: unknown = JSON.parse(text)
    if (typeof status !== 'object' || status === null || !('message' in status)) return null
    return typeof status.message === 'string' ? oneLine(status.message) : null
  } catch {
    return null
  }
}

/** A text from outside, fit to be shown in a sentence. */
export function oneLine(text: string): string {
  const line = text.trim().replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
  return line.length > MESSAGE_LENGTH_MAX ? `${line.slice(0, MESSAGE_LENGTH_MAX)}…` : line
}

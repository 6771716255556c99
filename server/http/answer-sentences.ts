/** What an answer without a description of its own says, by its route and status. */
export function sentenceOfAnswer(
  { method, summary = '' }: { readonly method: string; readonly summary?: string },
  status: string,
): string {
  const isChange = method !== 'GET'
  if (isChange) return CHANGES[status] ?? CHANGE
  return /[.?]$/.test(summary) ? summary : `${summary}.`
}

const CHANGE = 'Done; the answer shows what it is now.'

const CHANGES: Readonly<Record<string, string>> = {
  201: 'Made, durably; the answer shows it.',
  202: 'Accepted; it happens after this answer.',
  204: 'Done; the answer has no body.',
}

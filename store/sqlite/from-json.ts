/** The value of a column that we alone write, so that its shape is known. */
export function fromJson(text: string | null) {
  return text === null ? null : JSON.parse(text)
}

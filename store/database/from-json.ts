/** The value of a column that only kubeprof writes, so its shape is known. */
export function fromJson(text: string | null) {
  return text === null ? null : JSON.parse(text)
}

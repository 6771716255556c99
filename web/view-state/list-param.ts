/** Several values in one parameter of an address, divided by commas; one in a value is escaped. */
export function parseListParam(text: string | undefined): readonly string[] {
  if (text === undefined) return []
  return text.split(',').map((value) => value.replaceAll('%2C', ',').replaceAll('%25', '%'))
}

/** `undefined` for no values, so that the parameter is left out. */
export function formatListParam(values: readonly string[]): string | undefined {
  if (values.length === 0) return undefined
  return values.map((value) => value.replaceAll('%', '%25').replaceAll(',', '%2C')).join(',')
}

/** The value of a placeholder by its name; `null` if unknown, `undefined` if it is not a placeholder. */
export type ValueOf = (name: string) => string | null | undefined

const PLACE = /\{([a-z][\w.-]*)\}/g

/**
 * `text` with the values of its places: `{resource}`, `{decode.share}`, `{flags.kube-api-qps}`. Text in `[[ ]]` is left out
 * where a value in it is not known; elsewhere `unknown` stands for it.
 */
export function fillPlaces(text: string, valueOf: ValueOf, unknown: string): string {
  return text
    .replaceAll(/\[\[(.*?)\]\]/g, (_, part: string) => {
      const values = [...part.matchAll(PLACE)].map(([, name]) => valueOf(name))
      return values.includes(null) ? '' : part
    })
    .replaceAll(PLACE, (whole, name: string) => {
      const value = valueOf(name)
      return value === undefined ? whole : (value ?? unknown)
    })
}

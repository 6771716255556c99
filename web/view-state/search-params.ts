/** The parameters of an address, each once. */
export type SearchParams = Readonly<Record<string, string>>

/** A query string without `?`, as a link stores it, to parameters. */
export function parseQueryString(query: string): SearchParams {
  return Object.fromEntries(new URLSearchParams(query))
}

/** Parameters to a query string without `?`. */
export function formatQueryString(params: SearchParams): string {
  return new URLSearchParams({ ...params }).toString()
}

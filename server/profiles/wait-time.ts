/**
 * How long the caller waits for the report, in milliseconds: `?wait=10s`, else `Prefer: wait=10`
 * (RFC 7240, seconds). 0 without either.
 */
export function waitTimeMs(
  query: string | undefined,
  prefer: string | string[] | undefined,
  maxMs: number,
): number {
  const [, count = '0', unit = 's'] =
    /^(\d+)(ms|s)?$/.exec(query ?? '') ??
    /(?:^|[,;\s])wait=(\d+)(?=$|[,;\s])/i.exec([prefer ?? ''].flat().join(',')) ??
    []
  return Math.min(Number(count) * (unit === 'ms' ? 1 : 1000), maxMs)
}

/** How strong a colour is for a share of 0 to 1, as a percentage: small shares still differ, as in `pprof`. */
export function heatOf(share: number): string {
  const part = Math.min(Math.abs(share), 1) ** 0.4
  return `${Math.round(part * 100)}%`
}

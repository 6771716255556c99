/** `0.3821` is `38.2 %`. Shares too small to tell from nothing are `< 0.1 %`. */
export function formatShare(share: number): string {
  if (!Number.isFinite(share)) return '–'
  const percent = share * 100
  if (percent !== 0 && Math.abs(percent) < 0.1) return percent < 0 ? '> -0.1 %' : '< 0.1 %'
  return `${percent.toFixed(Math.abs(percent) >= 99.95 ? 0 : 1)} %`
}

/** Gives a chart the keyboard: a canvas itself, or the current one of its elements. */
export function focusChart(chart: HTMLElement): void {
  const place = chart.tabIndex === 0 ? chart : chart.querySelector<SVGElement>('[tabindex="0"]')
  place?.focus({ preventScroll: true })
}

/** Runs in a page of kubeprof: what `flame-chromium.ts` measures, in ms until the second frame after the change. */
export const IN_PAGE = `globalThis.bench = {
  longTasksMs: [],
  nextPaint: () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve()))),
  async until(isThere) {
    while (!isThere()) await new Promise(requestAnimationFrame)
    await bench.nextPaint()
  },
  flame: () => document.querySelector('[data-flame]'),
  frames: () => Number(bench.flame()?.dataset.frames ?? 0),
  untilFlame: () => bench.until(() => bench.frames() > 0),
  press: (element, key) =>
    element.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true })),
  settle: () => new Promise((resolve) => setTimeout(resolve, 400)),
  async firstPaint() {
    await bench.settle()
    const startMs = performance.now()
    bench.press(document.body, '1')
    await bench.untilFlame()
    return performance.now() - startMs
  },
  /** A change of the drawn frames after \`act\`. */
  async redraw(act) {
    await bench.settle()
    const startMs = performance.now()
    const drawn = new Promise((resolve) => {
      const observer = new MutationObserver(() => {
        observer.disconnect()
        resolve()
      })
      observer.observe(bench.flame(), { attributeFilter: ['data-frames'] })
    })
    act()
    await drawn
    await bench.nextPaint()
    return performance.now() - startMs
  },
  /** Zooms to the frame some steps below the root, and back. */
  async zoom(steps) {
    for (let step = 0; step < steps; step++) bench.press(bench.flame(), 'ArrowDown')
    const tookMs = await bench.redraw(() => bench.press(bench.flame(), 'Enter'))
    await bench.redraw(() => bench.press(document.body, '0'))
    return tookMs
  },
  async search(text) {
    const field = document.querySelector('input[type=search], input[placeholder]')
    const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set
    const type = (value) => {
      set.call(field, value)
      field.dispatchEvent(new Event('input', { bubbles: true }))
    }
    await bench.settle()
    const startMs = performance.now()
    type(text)
    await bench.until(() => document.body.innerText.includes('– of '))
    const tookMs = performance.now() - startMs
    type('')
    await bench.until(() => !document.body.innerText.includes('– of '))
    return tookMs
  },
  /** Scrolls a table by a screen a frame; the largest gap between two frames. */
  async scroll(screens) {
    const scroller = [...document.querySelectorAll('[role=grid] [role=rowgroup]')].at(-1)
    await bench.settle()
    let [before, gapMs] = [performance.now(), 0]
    for (let screen = 0; screen < screens; screen++) {
      scroller.scrollTop += scroller.clientHeight
      await new Promise(requestAnimationFrame)
      const now = performance.now()
      gapMs = Math.max(gapMs, now - before)
      before = now
    }
    return gapMs
  },
}
new PerformanceObserver((list) => bench.longTasksMs.push(...list.getEntries().map(({ duration }) => duration)))
  .observe({ type: 'longtask', buffered: true })`

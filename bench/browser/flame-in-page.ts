/** Runs in a page of kubeprof: what `flame-chromium.ts` measures, in ms until the second frame after the change. */
export const IN_PAGE = `globalThis.bench = {
  longTasksMs: [],
  /** What was asked for is drawn in the first of the two frames. */
  nextPaint: () => new Promise((resolve) => requestAnimationFrame(() => {
    performance.mark('bench painted')
    requestAnimationFrame(() => resolve())
  })),
  /** The begin of what is measured; \`presented-frames.ts\` finds the frame that shows it. */
  ask(name, startTime = performance.now()) {
    performance.mark('bench asked ' + name, { startTime })
    return startTime
  },
  /** As soon as a change of the page brings it, not at the next frame. */
  there: (isThere) => new Promise((resolve) => {
    const observer = new MutationObserver(() => look())
    const look = () => {
      if (!isThere()) return
      observer.disconnect()
      resolve()
    }
    observer.observe(document, { subtree: true, childList: true, characterData: true, attributes: true })
    look()
  }),
  async until(isThere) {
    await bench.there(isThere)
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
    const startMs = bench.ask('first paint of the flame graph')
    bench.press(document.body, '1')
    await bench.untilFlame()
    return performance.now() - startMs
  },
  /** A change of the drawn frames after \`act\`. */
  async redraw(name, act) {
    await bench.settle()
    const startMs = bench.ask(name)
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
    const tookMs = await bench.redraw('zoom', () => bench.press(bench.flame(), 'Enter'))
    await bench.redraw('back', () => bench.press(document.body, '0'))
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
    const startMs = bench.ask('search')
    type(text)
    // The text of this element alone: that of the whole page needs a layout, which would be measured too.
    const isFound = () => document.querySelector('#search-result').textContent.includes('– of ')
    await bench.until(isFound)
    const tookMs = performance.now() - startMs
    type('')
    await bench.until(() => !isFound())
    return tookMs
  },
  /** Scrolls a table by so many pixels a frame, a screen for 0: the longest gap between two frames, and frames without one. */
  async scroll(frameCount, px) {
    const scroller = [...document.querySelectorAll('[role=grid] [role=rowgroup]')].at(-1)
    const stepPx = px || scroller.clientHeight
    await bench.settle()
    let before = await new Promise(requestAnimationFrame)
    let [top, longestGapMs, droppedCount] = [scroller.scrollTop, 0, 0]
    for (let frame = 0; frame < frameCount; frame++) {
      scroller.scrollTop = top += stepPx
      const now = await new Promise(requestAnimationFrame)
      longestGapMs = Math.max(longestGapMs, now - before)
      droppedCount += Math.max(Math.round((now - before) / bench.frameMs) - 1, 0)
      before = now
    }
    return { longestGapMs, droppedCount }
  },
  frameMs: 1000 / 60,
}
new PerformanceObserver((list) => bench.longTasksMs.push(...list.getEntries().map(({ duration }) => duration)))
  .observe({ type: 'longtask', buffered: true })`

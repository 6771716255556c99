import type { Page } from 'playwright-core'

const TABS_MAX = 400

/**
 * Goes through a page by the Tab key alone, from where the page put the focus round to there, and returns what is wrong: what cannot be reached, and where the focus is not
 * seen. Items of trees, grids and graphs are reached by arrow keys, from the whole.
 */
export async function walkByKeyboard(page: Page): Promise<readonly string[]> {
  await page.evaluate(IN_PAGE)
  for (let count = 0; count < TABS_MAX; count++) {
    await page.keyboard.press('Tab')
    if (await page.evaluate<boolean>('walk.isDone()')) break
  }
  return page.evaluate<string[]>('walk.faults()')
}

const IN_PAGE = `globalThis.walk = (() => {
  const reached = new Set()
  const unseen = []
  let isDone = false
  const still = new CSSStyleSheet()
  still.replaceSync('* { transition: none !important; animation: none !important }')
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, still]
  document.activeElement?.blur()

  const describe = (element) => {
    const name = element.getAttribute('aria-label') ?? element.textContent ?? ''
    return element.tagName.toLowerCase() + ' "' + name.trim().slice(0, 40) + '"'
  }
  const isShown = (element) => element.checkVisibility({ visibilityProperty: true }) && element.getClientRects().length > 0
  const look = (element) => {
    const around = [element, ...element.children, element.nextElementSibling, element.parentElement]
    return around.filter((one) => one !== null).map((one) => {
      const { outline, boxShadow, borderColor, backgroundColor, stroke, strokeWidth } = getComputedStyle(one)
      return [outline, boxShadow, borderColor, backgroundColor, stroke, strokeWidth].join()
    }).join()
  }
  const changesWithFocus = (element) => {
    const focused = look(element)
    element.blur()
    const before = look(element)
    element.focus({ focusVisible: true, preventScroll: true })
    return focused !== before
  }
  /** What shows where the keyboard is: of a picture that is higher than the window, its current frame. */
  const isCovered = (element) => {
    const { left, top, width, height } = (element.querySelector('[data-flame-item]') ?? element).getBoundingClientRect()
    if (width < 4 || height > innerHeight) return false
    const [x, y] = [left + width / 2, top + height / 2]
    const hit = document.elementFromPoint(x, y)
    return hit === null || (!element.contains(hit) && !hit.contains(element))
  }
  addEventListener('keyup', ({ key }) => {
    const element = document.activeElement
    if (key !== 'Tab') return
    // Between the end of the page and its beginning.
    if (element === null || element === document.body) return
    if (reached.has(element)) {
      isDone = true
      return
    }
    reached.add(element)
    if (!changesWithFocus(element)) unseen.push('no visible focus: ' + describe(element))
    if (isCovered(element)) unseen.push('covered or outside: ' + describe(element))
  }, true)

  const CONTROLS = 'a[href], button, input, select, textarea, summary, [tabindex]'
  const isWithin = (element) => [...reached].some((one) => one.contains(element) || element.contains(one))
  const isOtherRadio = (element) =>
    element.type === 'radio' && [...reached].some(({ type, name }) => type === 'radio' && name === element.name)
  /** What looks as if it could be clicked, but for parts of what was reached. */
  const looksClickable = (element) =>
    getComputedStyle(element).cursor === 'pointer' &&
    getComputedStyle(element.parentElement ?? element).cursor !== 'pointer' &&
    element.closest('label, svg, [role=tree], [role=grid], [role=treegrid]') === null &&
    element.querySelector('label, input') === null &&
    !element.disabled
  return {
    isDone: () => isDone,
    faults() {
      const controls = [...document.querySelectorAll(CONTROLS)].filter(
        (element) => isShown(element) && !element.disabled && element.tabIndex >= 0 && !reached.has(element) && !isOtherRadio(element))
      const others = [...document.body.querySelectorAll('*')].filter(
        (element) => isShown(element) && looksClickable(element) && !isWithin(element))
      return [...unseen, ...[...controls, ...others].map((element) => 'not reached: ' + describe(element))]
    },
  }
})()`

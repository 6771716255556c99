/**
 * Wraps a Graphviz drawing to fill the browser's window, where it can be dragged and zoomed with the mouse or two
 * fingers; a double click resets it. Text stays searchable.
 */
export function withPanAndZoom(svg: string): string {
  return svg
    .replace(/<svg width="[^"]+" height="[^"]+"/, '<svg width="100%" height="100%"')
    .replace(/<\/svg>\s*$/, () => `<script><![CDATA[${SCRIPT}]]></script>\n</svg>\n`)
}

const SCRIPT = `
(() => {
  const svg = document.currentScript.ownerSVGElement
  const view = svg.viewBox.baseVal
  const whole = { x: view.x, y: view.y, width: view.width, height: view.height }
  const fingers = new Map()
  const place = ({ clientX, clientY }) =>
    new DOMPoint(clientX, clientY).matrixTransform(svg.getScreenCTM().inverse())
  const zoom = (event, factor) => {
    const width = Math.min(4 * whole.width, Math.max(whole.width / 400, view.width * factor))
    const { x, y } = place(event)
    const scale = width / view.width
    view.x = x - (x - view.x) * scale
    view.y = y - (y - view.y) * scale
    view.width *= scale
    view.height *= scale
  }
  const spread = () => {
    const [a, b] = [...fingers.values()]
    return Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY)
  }
  svg.style.touchAction = 'none'
  svg.style.cursor = 'grab'
  svg.addEventListener('wheel', (event) => {
    event.preventDefault()
    const pixels = event.deltaY * (event.deltaMode === 1 ? 32 : 1)
    zoom(event, Math.exp(Math.max(-300, Math.min(300, pixels)) / 400))
  }, { passive: false })
  svg.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return
    fingers.set(event.pointerId, event)
    svg.setPointerCapture(event.pointerId)
  })
  svg.addEventListener('pointermove', (event) => {
    const before = fingers.get(event.pointerId)
    if (before === undefined) return
    event.preventDefault()
    if (fingers.size === 2) {
      const wide = spread()
      fingers.set(event.pointerId, event)
      zoom(event, wide / Math.max(1, spread()))
      return
    }
    const [from, to] = [place(before), place(event)]
    view.x += from.x - to.x
    view.y += from.y - to.y
    fingers.set(event.pointerId, event)
  })
  for (const end of ['pointerup', 'pointercancel']) {
    svg.addEventListener(end, (event) => fingers.delete(event.pointerId))
  }
  svg.addEventListener('selectstart', (event) => event.preventDefault())
  svg.addEventListener('dblclick', () => Object.assign(view, whole))
})()
`

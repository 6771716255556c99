import { selection } from 'd3-selection'

/**
 * Replaces d3-transition in the build (see `vite.config.ts`). d3-flame-graph sets widths and labels
 * through transitions even when they take no time: three timers a frame, and a second layout when
 * they run. Here a transition is the selection itself, so all is set at once.
 */
Object.assign(selection.prototype, {
  transition: returnThis,
  duration: returnThis,
  delay: returnThis,
  ease: returnThis,
})

function returnThis<Self>(this: Self): Self {
  return this
}

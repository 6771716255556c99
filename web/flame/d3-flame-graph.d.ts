/** The used part of d3-flame-graph 5.0.0, which ships no types. */
declare module 'd3-flame-graph' {
  import type { Selection } from 'd3-selection'

  export interface FlameDatum {
    /** Name. */
    readonly n: string
    /** Value of this frame including all below. */
    readonly v: number
    readonly c: FlameDatum[]
    /** Drawn pale and as wide as its one child. The library writes this and `hide` into the data it is given. */
    fade?: boolean
    hide?: boolean
  }

  export interface FlameHierarchyNode<Datum extends FlameDatum> {
    readonly data: Datum
    readonly depth: number
  }

  export interface FlameTooltip {
    (): void
    show(event: unknown, node: unknown): void
    hide(): void
  }

  export interface FlameGraph<Datum extends FlameDatum> {
    (selection: Selection<HTMLElement, Datum, null, undefined>): void
    width(px: number): this
    cellHeight(px: number): this
    minHeight(px: number): this
    inverted(isRootOnTop: boolean): this
    transitionDuration(ms: number): this
    resetHeightOnZoom(resets: boolean): this
    tooltip(tooltip: FlameTooltip): this
    setLabelHandler(label: (node: FlameHierarchyNode<Datum>) => string): this
    setColorMapper(colour: (node: FlameHierarchyNode<Datum>, original: string) => string): this
    update(data?: Datum): this
    destroy(): this
  }

  export default function flamegraph<Datum extends FlameDatum>(): FlameGraph<Datum>
}

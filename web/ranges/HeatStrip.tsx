import classes from './HeatStrip.module.css'
import type { HeatCell } from './heat-strip.ts'

const FAINTEST = 0.08

/** The values of a row over time, the darker the larger. */
export function HeatStrip(props: { readonly cells: readonly HeatCell[]; readonly label: string }) {
  return (
    <svg
      className={classes['strip']}
      viewBox="0 0 1 1"
      preserveAspectRatio="none"
      shapeRendering="crispEdges"
      role="img"
      aria-label={props.label}
    >
      {props.cells.map(({ left, width, heat }) => (
        <rect
          key={left}
          x={left}
          width={width}
          height={1}
          fillOpacity={FAINTEST + (1 - FAINTEST) * heat}
        />
      ))}
    </svg>
  )
}

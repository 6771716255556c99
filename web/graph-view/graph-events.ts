/** What happens to a function of the graph, by its name. */
export interface GraphEvents {
  readonly select: (name: string) => void
  readonly menu: (name: string, xPx: number, yPx: number) => void
  readonly point: (name: string | null) => void
}

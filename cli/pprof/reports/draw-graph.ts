import { spawnSync } from 'node:child_process'
import { CommandError } from '../../terminal/command-error.ts'
import { withPanAndZoom } from './pan-and-zoom.ts'

/** The formats that Graphviz draws; `svg` and `ps` are drawn here. */
export type GraphFormat = 'gif' | 'pdf' | 'png' | 'ps' | 'svg'

/** Draws what `-dot` prints. Throws a CommandError. */
export async function drawGraph(dot: string, format: GraphFormat): Promise<string | Uint8Array> {
  if (format === 'svg') return withPanAndZoom(await drawHere(dot, format))
  if (format === 'ps') return await drawHere(dot, format)
  return runGraphviz(dot, format)
}

async function drawHere(dot: string, format: 'svg' | 'ps'): Promise<string> {
  const { instance } = await import('@viz-js/viz')
  const viz = await instance()
  const drawn = render()
  // pprof's workaround for a Graphviz bug, which leaves such an ampersand unescaped.
  return drawn.replaceAll('&;', '&amp;;')

  function render(): string {
    try {
      const { status, output, errors } = viz.render(dot, { format })
      if (status === 'success') return output
      throw new CommandError(`Graphviz: ${errors.map(({ message }) => message).join('; ')}`)
    } catch (error) {
      if (!isOutOfRoom(error)) throw error
      throw new CommandError('the graph is too large to draw: -nodecount=500 shows fewer nodes')
    }
  }
}

/** Whether WebAssembly ran out of memory or stack. */
function isOutOfRoom(error: unknown): boolean {
  return error instanceof RangeError || (error instanceof Error && error.name === 'RuntimeError')
}

const OUTPUT_BYTES_MAX = 1024 ** 3

function runGraphviz(dot: string, format: 'gif' | 'pdf' | 'png'): Uint8Array {
  const { error, status, stdout, stderr } = spawnSync('dot', [`-T${format}`], {
    input: dot,
    maxBuffer: OUTPUT_BYTES_MAX,
  })
  if (error !== undefined && 'code' in error && error.code === 'ENOENT') {
    throw new CommandError(
      `-${format} needs Graphviz's dot, which is not installed: -svg and -ps draw without it, -http opens the web page`,
      69,
    )
  }
  if (status === 0) return stdout
  throw new CommandError(`dot failed: ${error?.message ?? stderr.toString().trim()}`, 69)
}

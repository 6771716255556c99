import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test, vi } from 'vitest'
import { runPprofHere } from '../../golden/run-pprof.ts'
import { temporaryDirectory } from '../../temporary-directory.ts'

const profile = fileURLToPath(
  new URL('../../fixtures/captures/client-throttled/cpu.pb.gz', import.meta.url),
)

afterEach(() => {
  vi.unstubAllEnvs()
})

test('-svg draws the nodes and edges of -dot', async () => {
  const { output: dot } = await runPprofHere(['-dot', '-nodecount=10', profile])
  const { output: svg } = await runPprofHere(['-svg', '-nodecount=10', profile])
  const nodes = idsOf(dot, /^(N\d+) \[/gm)
  const edges = idsOf(dot, /^(N\d+ -> N\d+) \[/gm)
  expect(nodes.length).toBe(10)
  expect(edges.length).toBeGreaterThan(5)
  const titles = idsOf(svg, /<title>(N[^<]*)<\/title>/g).map((title) =>
    title.replace('&#45;&gt;', ' -> '),
  )
  expect(titles.sort()).toEqual([...nodes, ...edges].sort())
})

test('-svg makes a picture that fills the window and can be dragged and zoomed', async () => {
  const { output } = await runPprofHere(['-svg', profile])
  expect(output).toMatch(/<svg width="100%" height="100%"\s+viewBox="/)
  expect(output).toMatch(/<script><!\[CDATA\[[^]*'wheel'[^]*\]\]><\/script>\s*<\/svg>\s*$/)
})

test('names cannot break out of the picture', async () => {
  const folded = 'main;</text><script>alert(1)</script> 12\n'
  const { output, exitCode } = await runPprofHere(['-svg', '-'], { stdin: folded })
  expect(exitCode).toBe(0)
  expect(output).not.toContain('<script>alert')
})

test('-ps draws without Graphviz, too', async () => {
  const { output } = await runPprofHere(['-ps', profile])
  expect(output).toMatch(/^%!PS-Adobe/)
})

test('-output takes the picture', async () => {
  const path = join(await temporaryDirectory(), 'graph.svg')
  const { output, errors } = await runPprofHere(['-svg', '-output', path, profile])
  expect(output).toBe('')
  expect(errors).toContain(`Generating report in ${path}`)
  expect(await readFile(path, 'utf8')).toContain('</svg>')
})

test('-png without Graphviz names what to use instead', async () => {
  vi.stubEnv('PATH', await temporaryDirectory())
  const { errors, exitCode } = await runPprofHere(['-png', profile])
  expect(errors).toContain("-png needs Graphviz's dot")
  expect(errors).toContain('-svg')
  expect(exitCode).toBe(69)
})

test('-png with Graphviz is what dot makes of the graph', async () => {
  vi.stubEnv('PATH', `${await fakeProgram('dot', 'echo "$@"; head -n 1')}:/usr/bin:/bin`)
  const { output } = await runPprofHere(['-png', profile])
  expect(output).toMatch(/^-Tpng\ndigraph "/)
})

test('-web opens the picture in the browser of the environment', async () => {
  const seen = join(await temporaryDirectory(), 'seen.svg')
  const folder = await fakeProgram('browse', `cp "$1" ${seen}`)
  await runPprofHere(['-web', profile], { env: { BROWSER: join(folder, 'browse') } })
  expect(await readFile(seen, 'utf8')).toContain('</svg>')
})

test('-web says when the browser fails', async () => {
  const folder = await fakeProgram('browse', 'exit 3')
  const { errors, exitCode } = await runPprofHere(['-web', profile], {
    env: { BROWSER: join(folder, 'browse') },
  })
  expect(errors).toContain('browse ended with code 3')
  expect(exitCode).toBe(69)
})

test('-eog without eog says what it looked for', async () => {
  vi.stubEnv('PATH', await temporaryDirectory())
  const { errors, exitCode } = await runPprofHere(['-eog', profile])
  expect(errors).toContain('looked for eog')
  expect(exitCode).toBe(69)
})

/** A folder with a shell script of that name. */
async function fakeProgram(name: string, script: string): Promise<string> {
  const folder = join(await temporaryDirectory(), 'bin')
  await mkdir(folder)
  await writeFile(join(folder, name), `#!/bin/sh\n${script}\n`)
  await chmod(join(folder, name), 0o755)
  return folder
}

function idsOf(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([, id = '']) => id)
}

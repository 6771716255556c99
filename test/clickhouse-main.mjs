// ClickHouse inside Node behind as much of its HTTP interface as the client uses. Arguments: the folder of the package
// `chdb`, and one for the data. A process of its own, because the engine blocks the loop while it works.
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { buffer } from 'node:stream/consumers'

const [packages = '', data = ''] = process.argv.slice(2)
const { Session } = createRequire(`${packages}/`)('chdb')
const session = new Session(data)
const settings = new Map()
const NOT_SETTINGS = new Set(['query', 'query_id', 'database', 'session_id'])
let last = Promise.resolve()

const server = createServer((request, response) => {
  const answered = last.then(() => answer(request))
  last = answered.catch(() => undefined)
  answered.then(
    (bytes) => response.end(bytes),
    (error) => {
      response.statusCode = 500
      response.end(String(error?.message ?? error))
    },
  )
})

async function answer(request) {
  const { searchParams } = new URL(request.url, 'http://127.0.0.1')
  const body = await buffer(request)
  for (const [name, value] of searchParams) {
    if (NOT_SETTINGS.has(name) || settings.get(name) === value) continue
    session.query(`SET ${name} = '${value}'`)
    settings.set(name, value)
  }
  const query = searchParams.get('query')
  const text = query === null ? body.toString() : `${query}\n${body.toString()}`
  return (await session.queryAsync(text, {})).bytes()
}

server.listen(0, '127.0.0.1', () => process.send?.(server.address().port))
process.on('disconnect', () => process.exit(0))

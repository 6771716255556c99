import Fastify from 'fastify'
import { once } from 'node:events'
import { createServer, connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { Type } from 'typebox'
import { describe, expect, test } from 'vitest'
import { AppError, Id, Time, WITH_LABELS } from '../../api/index.ts'
import { replyOnSocket, replyWithError } from '../../server/http/error-replies.ts'

/** What an app answers whose only handler throws this. */
async function answerTo(error: unknown) {
  const logged: string[] = []
  const app = Fastify({ logger: { level: 'warn', stream: { write: (line) => logged.push(line) } } })
  app.setErrorHandler(replyWithError)
  app.get('/', () => {
    throw error
  })
  const { statusCode, headers, body } = await app.inject('/')
  await app.close()
  return { statusCode, headers, body, error: JSON.parse(body).error, logged: logged.join('') }
}

describe('an expected failure', () => {
  test('is answered with its status, its code, its sentence, its details and the id of the request', async () => {
    const details = { reason: 'varint', offsetBytes: 7 }
    const answer = await answerTo(new AppError('PROFILE_INVALID', { message: 'No.', details }))
    expect(answer).toMatchObject({
      statusCode: 422,
      error: { code: 'PROFILE_INVALID', message: 'No.', details, requestId: expect.any(String) },
    })
    expect(answer.headers).toMatchObject({ 'cache-control': 'no-store' })
    expect(answer.headers['retry-after']).toBeUndefined()
    expect(answer.logged).toBe('')
  })

  test('has a Retry-After with jitter, or as given', async () => {
    const { headers } = await answerTo(new AppError('OVERLOADED'))
    expect(Number(headers['retry-after'])).toBeGreaterThanOrEqual(4)
    expect(Number(headers['retry-after'])).toBeLessThanOrEqual(6)
    const given = await answerTo(new AppError('STORAGE_FULL', { retryAfterSeconds: 300 }))
    expect(given.headers['retry-after']).toBe('300')
  })

  test('asks for a token where one is missing, and ends a connection that would go on sending', async () => {
    const { headers } = await answerTo(new AppError('UNAUTHENTICATED'))
    expect(headers['www-authenticate']).toBe('Bearer')
    const large = await answerTo(new AppError('UPLOAD_TOO_LARGE'))
    expect(large.headers['connection']).toBe('close')
  })

  test('that is ours is logged', async () => {
    const { logged } = await answerTo(new AppError('STORAGE_FAILED'))
    expect(logged).toContain('STORAGE_FAILED')
  })
})

describe('a bug', () => {
  test('is answered without its message, and logged whole', async () => {
    const { statusCode, body, logged, error } = await answerTo(new TypeError('secret is undefined'))
    expect({ statusCode, code: error.code }).toEqual({ statusCode: 500, code: 'INTERNAL' })
    expect(body).not.toContain('secret')
    expect(logged).toContain('secret is undefined')
  })

  test('is what is thrown and is no error, too', async () => {
    expect(await answerTo('text')).toMatchObject({ statusCode: 500, error: { code: 'INTERNAL' } })
  })
})

describe("Fastify's own refusals are in our words:", () => {
  const KIND = Type.Enum(['cpu', 'heap'])
  const schema = {
    querystring: Type.Object(
      {
        limit: Type.Integer({ maximum: 9 }),
        sort: Type.Optional(Type.Enum(['flat', 'cum'])),
        id: Type.Optional(Id),
        from: Type.Optional(Time),
        wait: Type.Optional(Type.String({ pattern: '^[0-9]{1,3}(s|ms)?$' })),
        name: Type.Optional(Type.String()),
        side: Type.Optional(Type.String({ minLength: 1 })),
        level: Type.Optional(Type.Enum(['critical', 'info', ''])),
        kind: Type.Optional(Type.Union([KIND, Type.Array(KIND, { maxItems: 2 })])),
      },
      WITH_LABELS,
    ),
  }

  async function ask(url: string) {
    const app = Fastify({ ajv: { customOptions: { removeAdditional: false } } })
    app.setErrorHandler(replyWithError)
    app.get('/', { schema }, () => 'here')
    app.post('/', () => 'here')
    const found =
      url === 'POST'
        ? await app.inject({
            method: 'POST',
            url: '/',
            headers: { 'content-type': 'application/json' },
            payload: '',
          })
        : await app.inject(url)
    await app.close()
    return { status: found.statusCode, error: JSON.parse(found.body).error }
  }

  test.each([
    ['/?limit=9&more=1', 'The query parameter "more" is not known here.'],
    ['/', 'The query parameter "limit" is missing.'],
    ['/?limit=9&sort=up', 'The query parameter "sort" must be one of flat, cum.'],
    ['/?limit=10', 'The query parameter "limit" must be <= 9.'],
    [
      '/?limit=9&name=a&name=b',
      'The query parameter "name" is given 2 times, and may be given once.',
    ],
    [
      '/?limit=9&sort=flat&sort=cum',
      'The query parameter "sort" is given 2 times, and may be given once.',
    ],
    ['/?limit=9&kind=disk', 'The query parameter "kind" must be one of cpu, heap.'],
    ['/?limit=9&kind=cpu&kind=disk', 'The query parameter "kind" must be one of cpu, heap.'],
    [
      '/?limit=9&kind=cpu&kind=heap&kind=cpu',
      'The query parameter "kind" may be given 2 times at most.',
    ],
    ['/?limit=9&side=', 'The query parameter "side" must not be empty.'],
    ['/?limit=9&level=bad', 'The query parameter "level" must be empty or one of critical, info.'],
    [
      '/?limit=9&id=42',
      'The query parameter "id" must be an id, 26 digits and capital letters such as 01JD6Q8G0000000000000000AA.',
    ],
    [
      '/?limit=9&from=2026-11-30',
      'The query parameter "from" must be a date and time with its zone, such as 2026-11-30T18:28:00Z.',
    ],
    [
      '/?limit=9&wait=soon',
      'The query parameter "wait" must be a time in seconds or milliseconds, such as 10s or 500ms.',
    ],
    [
      '/?limit=9&label.my%20zone=a',
      'The query parameter "label.my zone" is not known here: the name of a label is up to 100 letters, digits and _ . / -.',
    ],
  ])('%s', async (url, message) => {
    expect(await ask(url)).toMatchObject({
      status: 400,
      error: { code: 'REQUEST_INVALID', message, details: { in: 'query parameter' } },
    })
  })

  test('a body that is missing', async () => {
    expect(await ask('POST')).toMatchObject({ status: 400, error: { code: 'BODY_MISSING' } })
  })
})

describe('what is no HTTP is answered on the socket:', () => {
  test.each([
    ['HPE_HEADER_OVERFLOW', 431, 'HEADERS_TOO_LARGE'],
    ['ERR_HTTP_REQUEST_TIMEOUT', 408, 'REQUEST_TIMEOUT'],
    ['HPE_INVALID_METHOD', 400, 'REQUEST_INVALID'],
  ])('%s with %i', async (code, status, expected) => {
    const [head = '', body = ''] = (await answerOnSocket(code)).split('\r\n\r\n')
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    expect(head).toContain(`Content-Length: ${Buffer.byteLength(body)}`)
    expect(JSON.parse(body).error.code).toBe(expected)
  })

  test('a connection that is gone gets nothing', async () => {
    expect(await answerOnSocket('ECONNRESET')).toBe('')
  })
})

async function answerOnSocket(code: string): Promise<string> {
  const server = createServer((socket: Socket) => {
    replyOnSocket(Object.assign(new Error('parse error'), { code }), socket)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  const answer = await text(connect(address.port, '127.0.0.1'))
  server.close()
  return answer
}

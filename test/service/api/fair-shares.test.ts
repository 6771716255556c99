import { once } from 'node:events'
import { createHash, randomUUID } from 'node:crypto'
import { connect, type AddressInfo, type Socket } from 'node:net'
import supertest from 'supertest'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodeProfile, profileFromFolded } from '../../../profile/index.ts'
import { until } from '../../until.ts'
import { type StartedService, startService } from '../start-service.ts'

const PLACES = 8
let service: StartedService
const sockets: Socket[] = []

beforeAll(async () => {
  const tokens = ['slow', 'good'].map((name) => ({
    name,
    role: 'uploader',
    sha256: createHash('sha256').update(name).digest('hex'),
  }))
  service = await startService({
    works: false,
    settings: {
      'server.tokens': JSON.stringify(tokens),
      'collect.uploadsInFlightMax': String(PLACES),
    },
  })
})
afterAll(async () => {
  for (const socket of sockets) socket.destroy()
  await service.stop()
})

describe('a caller with many slow uploads', () => {
  let refused: supertest.Response
  beforeAll(async () => {
    // Those that were lost meanwhile, as too slow, are replaced.
    refused = await until(async () => {
      for (let count = 0; count < PLACES / 2; count++) await startSlowUpload('slow')
      const further = await upload('slow')
      return further.status === 429 && further
    })
  })

  test('is refused further ones, with the time to wait', () => {
    expect(refused.body.error).toMatchObject({
      code: 'RATE_LIMITED',
      message: expect.stringContaining('its share of the uploads'),
    })
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
  })

  test('does not keep others from uploading', async () => {
    const uploads = await Promise.all([upload('good'), upload('good')])
    expect(uploads.map(({ status }) => status)).toEqual([201, 201])
  })

  test('loses its slow uploads sooner than one who has few', async () => {
    const [first] = sockets
    if (first === undefined) throw new Error('no upload is under way')
    const [answer] = await once(first, 'data')
    expect(String(answer)).toMatch(/^HTTP\/1.1 408 /)
    expect(String(answer)).toContain('slower than')
  })
})

async function upload(token: string): Promise<supertest.Response> {
  return supertest(service.server)
    .post('/api/v1/profiles')
    .set('authorization', `Bearer ${token}`)
    .set('content-type', 'application/octet-stream')
    .send(Buffer.from(profile()))
}

/** An upload that says it is larger than what it ever sends. */
async function startSlowUpload(token: string): Promise<void> {
  const { port } = address()
  const socket = connect(port, '127.0.0.1')
  sockets.push(socket)
  await once(socket, 'connect')
  const head = [
    'POST /api/v1/profiles HTTP/1.1',
    `host: 127.0.0.1:${port}`,
    `authorization: Bearer ${token}`,
    'content-type: application/octet-stream',
    'content-length: 100000',
  ]
  socket.write(`${head.join('\r\n')}\r\n\r\n`)
  socket.write(profile().subarray(0, 20))
}

function address(): AddressInfo {
  const bound = service.server.address()
  if (bound === null || typeof bound === 'string') throw new Error('the server does not listen')
  return bound
}

function profile(): Uint8Array {
  const folded = `main;${randomUUID()} 1`
  return encodeProfile(profileFromFolded(folded, { type: 'cpu', unit: 'nanoseconds' }))
}

import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import supertest from 'supertest'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startService, type StartedService } from '../start-service.ts'

const folders = ['../../fixtures/bad-inputs/', '../../../../shared/bad-inputs/'].map((path) =>
  fileURLToPath(new URL(path, import.meta.url)),
)
const folder = folders.find((path) => existsSync(path))

let service: StartedService
beforeAll(async () => {
  service = await startService()
})
afterAll(() => service.stop())

const INVALID = 'PROFILE_INVALID'

/** How each broken or strange file is answered when the upload waits for its analysis: status, code, reason. */
const TABLE: readonly (readonly [file: string, status: number, code?: string, reason?: string])[] =
  [
    ['00_ok_gz', 201],
    ['00_ok_raw', 201],
    ['01_gz_bad_crc', 422, INVALID, 'gzip_checksum'],
    ['01_gz_double', 201],
    ['01_gz_multimember_split', 201],
    ['01_gz_multimember_twoprofiles', 422, INVALID, 'concatenated_profiles'],
    ['01_gz_trailing_garbage', 422, INVALID, 'gzip_trailing_data'],
    ['01_gz_trailing_zeros', 201],
    ['01_gz_trunc_half', 422, INVALID, 'gzip_truncated'],
    ['02_empty', 400, 'BODY_MISSING'],
    ['02_html', 415, 'NOT_A_PROFILE', 'html'],
    ['02_text_debug1', 201],
    ['03_concat_raw', 422, INVALID, 'concatenated_profiles'],
    ['03_raw_trunc_1', 422, INVALID, 'truncated'],
    ['03_raw_trunc_half', 422, INVALID, 'truncated'],
    ['04_field0', 422, INVALID, 'field_zero'],
    ['04_unknown_field_ok', 201],
    ['04_wire_group3', 422, INVALID, 'wire_type'],
    ['04_wire_time_fixed64', 422, INVALID, 'wire_type'],
    ['04_wire_type6', 422, INVALID, 'wire_type'],
    ['05_len_2e63', 422, INVALID, 'truncated'],
    ['05_varint_10bytes_over64', 201],
    ['05_varint_11bytes', 422, INVALID, 'varint'],
    ['05_varint_nonminimal', 201],
    ['06_value_max', 201],
    ['06_value_min', 201],
    ['06_value_neg', 201],
    ['07_values_none', 422, INVALID, 'value_count'],
    ['08_no_string_table', 422, INVALID, 'string_table'],
    ['08_str_idx_oob', 422, INVALID, 'string_index'],
    ['08_str_invalid_utf8', 201],
    ['08_strtab0_nonempty', 422, INVALID, 'string_table'],
    ['09_loc_dup', 422, INVALID, 'duplicate_id'],
    ['09_loc_id_huge', 201],
    ['09_sample_loc_missing', 422, INVALID, 'location_id'],
    ['10_map_dup', 422, INVALID, 'duplicate_id'],
    ['10_map_id0', 422, INVALID, 'reserved_id'],
    ['10_map_missing_ref', 201],
    ['11_func_id0_line', 422, INVALID, 'function_id'],
    ['12_sample_empty', 422, INVALID, 'value_count'],
    ['13_deep_1e6', 201],
    ['14_label_key_oob', 422, INVALID, 'string_index'],
    ['14_label_str_and_num', 201],
    ['14_labels_proto_key', 201],
    ['15_mixed_packed', 201],
    ['15_unpacked_values', 201],
    ['16_comment_oob', 422, INVALID, 'string_index'],
    ['16_default_sample_type_oob', 422, INVALID, 'string_index'],
    ['16_period_type_dup', 201],
    ['16_time_dup_field', 422, INVALID, 'concatenated_profiles'],
    ['17_bool_2', 201],
  ]

const ANSWERS = TABLE.map(([file, status, code, reason]) => ({
  file,
  status,
  code,
  reason,
})).filter(({ file }) => existsSync(`${folder}${file}`))

test.each(ANSWERS)('$file is answered $status $code $reason', async (answer) => {
  const { file, ...expected } = answer
  const { status, body } = await upload(readFileSync(`${folder}${file}`), file)
  expect({ status, code: body.error?.code, reason: body.error?.details?.reason }).toEqual(expected)
})

test.each(ANSWERS.filter(({ status }) => status === 201))(
  '$file, odd as it is, has a report, columns and views',
  async ({ file }) => {
    const { body } = await upload(readFileSync(`${folder}${file}`), file)
    expect(body.profile.status).toBe('ready')
    for (const part of [
      'report',
      'columns',
      'top',
      'flame',
      'tags',
      'svg',
      'png',
      'tree',
      'traces',
      'peek?q=.',
    ]) {
      const reply = await supertest(service.server).get(`${body.links.self}/${part}`)
      expect([part, reply.status]).toEqual([part, 200])
    }
  },
)

test('a gzip bomb is refused, and the server stays as small as it was', async () => {
  const bomb = gzipSync(Buffer.alloc(256 * 1024 * 1024))
  const before = process.memoryUsage().rss
  const reply = await upload(bomb, 'bomb')
  expect(reply.status).toBe(422)
  expect(reply.body.error).toMatchObject({
    code: 'PROFILE_TOO_LARGE',
    details: { reason: 'inflated_bytes' },
  })
  expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1024 * 1024)
})

test('a profile that was refused stays to look at, with the reason, and answers so everywhere', async () => {
  const { body } = await upload(Buffer.from([0x0a, 0x05, 1]), 'cut')
  const self = `/api/v1/profiles/${body.error.details.profileId}`
  const found = await supertest(service.server).get(self)
  expect(found.body.profile).toMatchObject({
    status: 'failed',
    error: { code: INVALID, reason: 'truncated', offsetBytes: expect.any(Number) },
  })
  for (const part of ['report', 'columns', 'top', 'svg', 'png']) {
    const reply = await supertest(service.server).get(`${self}/${part}`)
    expect([part, reply.status, reply.body.error?.code]).toEqual([part, 422, INVALID])
  }
  expect((await supertest(service.server).get(`${self}/raw`)).status).toBe(200)
})

test('the server took no harm from any of them', async () => {
  const reply = await supertest(service.server).get('/readyz')
  expect(reply.body.status).toBe('ready')
  expect(service.logLines.filter((line) => line.includes('failed by a bug'))).toEqual([])
})

function upload(bytes: Buffer, target: string) {
  return supertest(service.server)
    .post('/api/v1/profiles')
    .query({ target, wait: '90s' })
    .type('application/octet-stream')
    .send(bytes)
}

test('a goroutine dump as text becomes a profile with names', async () => {
  const dump = 'goroutine 1 [select, 3 minutes]:\nmain.wait(0x1)\n\t/src/main.go:7 +0x1d\n'
  const answer = await supertest(service.server).post('/api/v1/profiles?wait=90s').send(dump)
  expect(answer.status).toBe(201)
  const { id } = answer.body.profile
  const top = await supertest(service.server).get(`/api/v1/profiles/${id}/top`)
  expect(top.body.rows.map(({ name }: { name: string }) => name)).toEqual(['main.wait'])
})

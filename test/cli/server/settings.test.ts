import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readSettings, settingEntries, settingsPage } from '../../../cli/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'kubeprof-settings-'))
afterAll(() => rmSync(folder, { recursive: true }))

const none = { file: null, env: {}, flags: {} }

test('without any source the settings are the defaults', async () => {
  const settings = await readSettings(none)
  expect(settings.server).toMatchObject({ host: '127.0.0.1', port: 7070 })
  expect(settings.store.directory).toBe('./data')
})

test('the environment wins over the file, and a flag over both', async () => {
  const file = write('order.yaml', 'server: { port: 1001, host: localhost, waitMsMax: 5 }')
  const env = { KUBEPROF_SERVER_PORT: '1002', KUBEPROF_SERVER_HOST: '::1' }
  const { server } = await readSettings({ file, env, flags: { 'server.port': '1003' } })
  expect(server).toMatchObject({ port: 1003, host: '::1', waitMsMax: 5 })
})

test('a list is read from commas or from JSON', async () => {
  const names = await readSettings({
    ...none,
    env: { KUBEPROF_SERVER_ALLOWED_HOSTS: 'a.example, b' },
  })
  expect(names.server.allowedHosts).toEqual(['a.example', 'b'])
  const token = { name: 'ci', role: 'uploader', sha256: 'a'.repeat(64) }
  const env = { KUBEPROF_SERVER_TOKENS: JSON.stringify([token]) }
  expect((await readSettings({ ...none, env })).server.tokens).toEqual([token])
})

test('a variable that ends in _FILE names a file that holds the value', async () => {
  const env = { KUBEPROF_QUEUE_REDIS_URL_FILE: write('url', 'redis://secret@host\n') }
  expect((await readSettings({ ...none, env })).queue.redisUrl).toBe('redis://secret@host')
})

test.each([
  ['an unknown section', 'sever: {}', 'there is no setting sever; did you mean server?'],
  [
    'an unknown key',
    'server: { prot: 1 }',
    'there is no setting server.prot; did you mean server.port?',
  ],
  [
    'a value out of bounds',
    'server: { port: 70000 }',
    'the setting server.port must be <= 65535, but is 70000',
  ],
  [
    'a value of another type',
    'server: { port: http }',
    'the setting server.port must be integer, but is "http"',
  ],
  [
    'an unknown choice',
    'queue: { kind: kafka }',
    'queue.kind must be equal to one of the allowed values',
  ],
  ['invalid YAML', 'server: [', 'is not valid YAML'],
])('%s in the file stops the start', async (_what, text, sentence) => {
  await expect(readSettings({ ...none, file: write('bad.yaml', text) })).rejects.toThrow(sentence)
})

test('a fault in a secret setting shows neither the hash nor the secret', async () => {
  const token = { name: 'ci', role: 'king', sha256: 'a'.repeat(64) }
  const file = write('secret.yaml', JSON.stringify({ server: { tokens: [token] } }))
  const error = await readSettings({ ...none, file }).catch((fault: unknown) => String(fault))
  expect(error).toContain('the setting server.tokens.0.role')
  expect(error).not.toContain('aaaa')
})

test('a settings file that is not YAML is reported by its line, without quoting it', async () => {
  const file = write('broken.yaml', 'server:\n  tokens: [{ sha256: aaaabbbb, ]\n')
  const error = await readSettings({ ...none, file }).catch((fault: unknown) => String(fault))
  expect(error).toContain('broken.yaml:2 is not valid YAML')
  expect(error).not.toContain('aaaabbbb')
})

test('an unknown variable of a known section stops the start', async () => {
  const env = { KUBEPROF_SERVER_PROT: '1' }
  await expect(readSettings({ ...none, env })).rejects.toThrow('did you mean KUBEPROF_SERVER_PORT?')
})

test('a variable without a value that is a number is refused, not read as zero', async () => {
  const env = { KUBEPROF_SERVER_PORT: '' }
  await expect(readSettings({ ...none, env })).rejects.toThrow('server.port must be integer')
})

test.each(settingEntries())('$section.$key has a default and a sentence', ({ schema }) => {
  expect(schema).toMatchObject({
    description: expect.stringMatching(/\.$/),
    default: expect.anything(),
  })
})

test.each(settingEntries().filter(({ schema }) => 'type' in schema && schema.type === 'integer'))(
  '$section.$key has a lower bound',
  ({ schema }) => {
    expect(schema).toMatchObject({ minimum: expect.any(Number) })
  },
)

test('docs/config.md is what the schemas say; if not, run `npm run docs:config`', () => {
  const page = readFileSync(new URL('../../../docs/config.md', import.meta.url), 'utf8')
  expect(page).toBe(settingsPage())
})

function write(name: string, text: string): string {
  const file = join(folder, name)
  writeFileSync(file, text)
  return file
}

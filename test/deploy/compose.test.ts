import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { COMMANDS, settingEntries } from '../../cli/index.ts'

interface Service {
  readonly image?: string
  readonly command?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly ports?: readonly string[]
  readonly cap_drop?: readonly string[]
  readonly security_opt?: readonly string[]
  readonly read_only?: boolean
  readonly mem_limit?: string
}
interface Compose {
  readonly services: Readonly<Record<string, Service>>
}

const root = new URL('../../', import.meta.url)
const compose: Compose = parse(readText('docker-compose.yml'), { merge: true })
const services = Object.entries(compose.services)
const ours = services.filter(([, service]) => service.image === 'kubeprof:local')

test('docker-compose.yml is valid by the schema of the Compose Specification', () => {
  const ajv = new Ajv2020({ strict: false, validateFormats: false })
  const isValid = ajv.validate(JSON.parse(readText('test/fixtures/compose-spec.json')), compose)
  expect(ajv.errors).toBeNull()
  expect(isValid).toBe(true)
})

test('the schema refuses a misspelt key, so that it can refuse ours', () => {
  const ajv = new Ajv2020({ strict: false, validateFormats: false })
  const schema = JSON.parse(readText('test/fixtures/compose-spec.json'))
  expect(ajv.validate(schema, { services: { api: { image: 'x', healthchek: {} } } })).toBe(false)
})

test.each(services)(
  '%s runs without privileges, on a read-only root, within limits',
  (_name, service) => {
    expect(service).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      mem_limit: expect.stringMatching(/^\d+[mg]$/),
    })
    expect(service.image).not.toMatch(/:latest$/)
  },
)

test('only loopback ports are published', () => {
  const ports = services.flatMap(([, service]) => service.ports ?? [])
  expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([])
})

test.each(ours)('%s is started by a command and by settings that exist', (_name, service) => {
  const known = settingEntries().flatMap(({ envName }) => [envName, `${envName}_FILE`])
  expect(Object.keys(COMMANDS)).toContain(service.command?.[0])
  expect(known).toEqual(expect.arrayContaining(Object.keys(service.environment ?? {})))
})

test.each(ours)('%s has the settings of the scaled-out shape', (_name, service) => {
  expect(service.environment).toMatchObject({
    KUBEPROF_STORE_KIND: 'postgres',
    KUBEPROF_BLOBS_KIND: 's3',
    KUBEPROF_QUEUE_KIND: 'bullmq',
  })
})

test('no password is written down: each is read from a generated file', () => {
  const variables = services.flatMap(([, service]) => Object.keys(service.environment ?? {}))
  const secret = variables.filter((name) => /PASSWORD|SECRET|_URL/.test(name))
  expect(secret.length).toBeGreaterThan(3)
  expect(secret.filter((name) => !name.endsWith('_FILE'))).toEqual([])
})

test.each(services.filter(([name]) => !['secrets', 'migrate'].includes(name)))(
  '%s has a health check and is started again',
  (_name, service) => {
    expect(service).toMatchObject({
      healthcheck: { test: expect.any(Array) },
      restart: 'unless-stopped',
    })
  },
)

test('the image holds every folder that the command line imports', () => {
  const copied = [...readText('deploy/Dockerfile').matchAll(/^COPY (\w+) \w+$/gm)].map(
    ([, name]) => name,
  )
  const { references } = JSON.parse(readText('cli/tsconfig.json'))
  const needed = references.map((reference: { path: string }) => reference.path.replace('../', ''))
  expect(copied).toEqual(expect.arrayContaining([...needed, 'cli', 'rules']))
})

function readText(path: string): string {
  return readFileSync(new URL(path, root), 'utf8')
}

import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'

const KEY = '-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes'

export interface CertificateFolder {
  path(name: string): string
  read(name: string): string
  /** What a server shows: `server`, for 127.0.0.1 and kubernetes.default.svc, or `named`, for the latter alone. */
  pair(name: 'server' | 'named' | 'client'): { readonly cert: string; readonly key: string }
}

/** An authority, `ca.crt`, and what it signed: there while the tests of a suite run. */
export function certificateFolder(): CertificateFolder {
  const folder = mkdtempSync(join(tmpdir(), 'kubeprof-certificates-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  const openssl = (command: string) =>
    execFileSync('openssl', command.split(' '), { cwd: folder, stdio: 'pipe' })
  const path = (name: string) => join(folder, name)
  const read = (name: string) => readFileSync(path(name), 'utf8')
  const sign = (name: string, extension: string) => {
    writeFileSync(path(`${name}.ext`), extension)
    openssl(`req ${KEY} -keyout ${name}.key -out ${name}.csr -subj /CN=${name}`)
    const signed = `-CA ca.crt -CAkey ca.key -CAcreateserial -extfile ${name}.ext -days 2`
    openssl(`x509 -req -in ${name}.csr ${signed} -out ${name}.crt`)
  }
  // Suites that are skipped without openssl are still loaded.
  beforeAll(() => {
    openssl(`req -x509 ${KEY} -days 2 -keyout ca.key -out ca.crt -subj /CN=ca`)
    sign('server', 'subjectAltName=DNS:kubernetes.default.svc,IP:127.0.0.1')
    sign('named', 'subjectAltName=DNS:kubernetes.default.svc')
    sign('client', 'extendedKeyUsage=clientAuth')
  })
  return {
    path,
    read,
    pair: (name) => ({ cert: read(`${name}.crt`), key: read(`${name}.key`) }),
  }
}

import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Paths in PEM. */
export interface Certificate {
  readonly cert: string
  readonly key: string
}

export interface Certificates {
  /** Of the authority that signed the others. */
  readonly ca: string
  readonly apiserver: Certificate
  readonly kubelet: Certificate
  readonly etcd: Certificate
  /** What the API server shows to the kubelet. */
  readonly kubeletClient: Certificate
  /** What opens etcd. */
  readonly etcdClient: Certificate
  /** That tokens of service accounts are signed with. */
  readonly serviceAccounts: { readonly publicKey: string; readonly key: string }
}

/** Makes the certificates of a control plane that answers at `address`, and its etcd on loopback. */
export function makeCertificates(folder: string, address: string, node: string): Certificates {
  const path = (name: string) => join(folder, name)
  const key = '-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes'
  const sign = (name: string, subject: string, extension: string): Certificate => {
    writeFileSync(path(`${name}.ext`), `${extension}\n`)
    run(folder, `req ${key} -keyout ${name}.key -out ${name}.csr -subj ${subject}`)
    run(
      folder,
      `x509 -req -in ${name}.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 2 -extfile ${name}.ext -out ${name}.crt`,
    )
    return { cert: path(`${name}.crt`), key: path(`${name}.key`) }
  }
  run(folder, `req -x509 ${key} -days 2 -keyout ca.key -out ca.crt -subj /CN=test-ca`)
  run(folder, 'genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out sa.key')
  run(folder, 'pkey -in sa.key -pubout -out sa.pub')
  const apiserverNames = ['kubernetes', 'kubernetes.default', 'kubernetes.default.svc']
  return {
    ca: path('ca.crt'),
    apiserver: sign(
      'apiserver',
      '/CN=kube-apiserver',
      names([address, '10.96.0.1'], apiserverNames),
    ),
    kubelet: sign('kubelet', `/O=system:nodes/CN=system:node:${node}`, names([address], [node])),
    etcd: sign('etcd', '/CN=etcd', names(['127.0.0.1'], ['localhost'])),
    kubeletClient: sign(
      'kubelet-client',
      '/O=system:masters/CN=kube-apiserver-kubelet-client',
      CLIENT,
    ),
    etcdClient: sign('etcd-client', '/CN=etcd-client', CLIENT),
    serviceAccounts: { publicKey: path('sa.pub'), key: path('sa.key') },
  }
}

const CLIENT = 'extendedKeyUsage=clientAuth'

function names(addresses: readonly string[], hosts: readonly string[]): string {
  const all = [...addresses.map((ip) => `IP:${ip}`), ...hosts.map((host) => `DNS:${host}`)]
  return `subjectAltName=${all.join(',')}\nextendedKeyUsage=serverAuth,clientAuth`
}

function run(folder: string, command: string): void {
  execFileSync('openssl', command.split(' '), { cwd: folder, stdio: 'pipe' })
}

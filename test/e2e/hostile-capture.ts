import { gzipSync } from 'node:zlib'
import { packTar } from 'modern-tar'
import type { CaptureReply, ListFindingsReply, UploadCaptureReply } from '../../api/index.ts'
import { encodeProfile, profileFromFolded } from '../../profile/index.ts'
import { until } from '../until.ts'

/** Markup, a character that turns the direction of text, a control character, a picture, and no place to break a line. */
const NAME = '<img src=x onerror=window.wasRun=1>\u202egnp.exe\u0007 \u{1f600} '

export const HOSTILE = {
  target: `${NAME}${'t'.repeat(180)}`,
  instance: `"'><script>window.wasRun=1</script>${'i'.repeat(180)}`,
  cluster: `\u202e<b>${'c'.repeat(180)}`,
  /** Without a semicolon or a blank, which folded stacks are read by. */
  func: `main.<img/src=x/onerror=window.wasRun=1>\u202e${'f'.repeat(10_000)}`,
} as const

const SERVE = 'net/http.(*conn).serve; k8s.io/apiserver/pkg'
const STACKS = [
  `${SERVE}/storage/etcd3.(*store).GetList;${HOSTILE.func} 24000000000`,
  `${SERVE}/endpoints/handlers.GetResource 40000000000`,
]

interface HostileIds {
  readonly captureId: string
  readonly profileId: string
  readonly findingId: string
}

/** Uploads a capture with hostile names and a finding, and waits until both are there. */
export async function uploadHostileCapture(url: string): Promise<HostileIds> {
  const profile = profileFromFolded(STACKS.join('\n'), { type: 'cpu', unit: 'nanoseconds' })
  const timed = { ...profile, durationNs: 30_000_000_000n, timeNs: BigInt(Date.now()) * 1_000_000n }
  const bytes = gzipSync(encodeProfile(timed))
  const tar = await packTar([
    { header: { name: 'cpu.pb.gz', size: bytes.length }, body: new Uint8Array(bytes) },
  ])
  const { target, instance, cluster } = HOSTILE
  const query = new URLSearchParams({ target, instance, cluster, component: 'kube-apiserver' })
  const uploaded: UploadCaptureReply = await ask(`${url}/api/v1/captures?${query.toString()}`, {
    method: 'POST',
    headers: { 'content-type': 'application/gzip' },
    body: gzipSync(tar),
  })
  const captureId = uploaded.capture.id
  const profileId = await until(async () => {
    const { capture }: CaptureReply = await ask(`${url}/api/v1/captures/${captureId}`)
    return capture.reportStatus === 'ready' ? capture.profileIds[0] : null
  })
  const { id } = await until(async () => {
    const { items }: ListFindingsReply = await ask(`${url}/api/v1/findings`)
    return items.find((finding) => finding.target === target)
  })
  return { captureId, profileId, findingId: id }
}

async function ask<Reply>(url: string, init: RequestInit = {}): Promise<Reply> {
  const response = await fetch(url, init)
  if (!response.ok) throw new Error(await response.text())
  const reply: Reply = JSON.parse(await response.text())
  return reply
}

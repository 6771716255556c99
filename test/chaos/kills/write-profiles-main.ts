// A process that does nothing but receive profiles, into the data directory of its first argument, from as many clients
// as its second says. It starts in a fraction of the time of a server, so that it can be killed many times.
import { writeSync } from 'node:fs'
import { Value } from 'typebox/value'
import { CollectOptions } from '../../../collect/options.ts'
import { openProfileReceiver } from '../../../collect/receive/receive-profile.ts'
import { openStore } from '../../../store/index.ts'
import { NOTHING_DECLARED } from '../../store/new-profile.ts'
import { STORE_DEFAULTS } from '../../store/store-defaults.ts'
import { uniqueProfile } from '../unique-profile.ts'

const [directory = '', clientCount = '1'] = process.argv.slice(2)
const { profiles, captures, blobs } = await openStore({ ...STORE_DEFAULTS, directory })
const receiver = openProfileReceiver({
  options: Value.Create(CollectOptions),
  profiles,
  captures,
  blobs,
  queue: { notify: async () => undefined },
  refuseHead: () => null,
  onNotifyFailed: () => undefined,
})

async function* bodyOf(bytes: Uint8Array) {
  yield bytes
}

async function client(): Promise<never> {
  for (;;) {
    const bytes = uniqueProfile()
    const { profile } = await receiver.receive({
      source: NOTHING_DECLARED,
      caller: 'client',
      body: bodyOf(bytes),
      declaredSizeBytes: bytes.length,
    })
    writeSync(1, `${profile.id} ${profile.sha256}\n`)
  }
}

await Promise.all(Array.from({ length: Number(clientCount) }, client))

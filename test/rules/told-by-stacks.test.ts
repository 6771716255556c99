import { expect, test } from 'vitest'
import { saidTo } from './said-to-server.ts'

test.each([
  ['go.etcd.io/raft/v3', /--snapshot-catchup-entries/, /--snapshot-count is larger/],
  ['go.etcd.io/etcd/raft/v3', /--snapshot-count is larger/, /--snapshot-catchup-entries/],
])('etcd with the raft log of %s is advised for its own version', (raft, right, wrong) => {
  const said = saidTo({
    rule: 'etcd.raft-memory',
    component: 'etcd',
    reads: 'inuse_space',
    stacks: `go.etcd.io/etcd/server/v3/etcdserver.(*raftNode).start; ${raft}.(*MemoryStorage).Append 5000000000`,
  })
  expect(said).toMatch(right)
  expect(said).not.toMatch(wrong)
})

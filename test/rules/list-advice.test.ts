import { expect, test } from 'vitest'
import { type Pages, saidTo } from './said-to-server.ts'

const AS = 'k8s.io/apiserver/pkg'
const READS = `${AS}/storage/etcd3.(*store).GetList; k8s.io/api/core/v1.(*Pod).Unmarshal 700`
const LISTS = `${AS}/endpoints/handlers.ListResource; ${READS}`
const DELETES = `${AS}/registry/generic/registry.(*Store).DeleteCollection; ${READS}`

const said = (stacks: string, pages: Pages) =>
  saidTo({ rule: 'apiserver.list-from-etcd', stacks, pages })

const dispatched = (schema: string): Pages => ({
  [`apiserver_flowcontrol_dispatched_requests_total{flow_schema="${schema}"}`]: [0, 900],
})

const events = (count: number): Pages => ({ apiserver_audit_event_total: [count, count] })

test('no FlowSchema bounds a client that is exempt', () => {
  expect(said(LISTS, dispatched('exempt'))).toMatch(/a user of its own/)
  expect(said(LISTS, dispatched('exempt'))).not.toMatch(/a FlowSchema of its own/)
  expect(said(LISTS, dispatched('global-default'))).toMatch(/a FlowSchema of its own/)
  expect(said(LISTS, dispatched('global-default'))).not.toMatch(/a user of its own/)
})

test('namespaces that end are the namespace controller’s work, which nobody changes', () => {
  const ends: Pages = { 'apiserver_request_total{verb="PUT",resource="namespaces"}': [0, 146] }
  expect(said(DELETES, ends)).toMatch(/the namespace controller deletes/)
  expect(said(DELETES, ends)).not.toMatch(/by the names that it knows|ResourceVersion: "0"/)
  expect(said(DELETES, {})).toMatch(/by the names that it knows/)
})

test('a step reads no audit log that holds nothing', () => {
  expect(said(DELETES, events(0))).not.toMatch(/audit\.log/)
  expect(said(DELETES, events(0)).match(/no audit events are recorded here/g)).toHaveLength(1)
  expect(said(DELETES, events(900))).toMatch(/audit\.log/)
})

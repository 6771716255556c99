import { expect, test } from 'vitest'
import { type Pages, saidTo, type Server } from '../said-to-server.ts'

const CR = 'sigs.k8s.io/controller-runtime/pkg'
const RECONCILES = `${CR}/internal/controller.(*Controller).reconcileHandler; main.(*shelves).Reconcile`
const ASKS =
  'k8s.io/client-go/rest.(*Request).Do; k8s.io/client-go/rest.(*Request).request; net/http.(*Client).do; runtime.selectgo'
const LISTS = `${RECONCILES}; k8s.io/client-go/gentype.(*alsoLister[...]).List; ${ASKS} 4`
const GETS = `${RECONCILES}; k8s.io/client-go/gentype.(*Client[...]).Get; ${ASKS} 4`
const LOCKS = `${RECONCILES}; main.(*shelves).lockedCall; sync.(*Mutex).Lock; internal/sync.(*Mutex).lockSlow; runtime.gopark 3`
const CALLS = `${RECONCILES}; net/http.(*Client).do; net/http.(*Transport).roundTrip`
const HOLDER = `${CALLS}; net/http.(*persistConn).roundTrip; runtime.selectgo`
const DIALS = `${CALLS}; net/http.(*Transport).getConn; runtime.selectgo 4`
const WRITES = `${RECONCILES}; ${CR}/client.(*client).Update; ${CR}/client.(*typedClient).Update; net/http.(*Client).do 4`
const COMPUTES = `${RECONCILES}; main.render 4`

const busy: Pages = {
  'controller_runtime_active_workers{controller="shelves"}': [4, 4],
  'controller_runtime_max_concurrent_reconciles{controller="shelves"}': [4, 4],
  'workqueue_depth{name="shelves"}': [290, 290],
}
const comeBack = (count: number): Pages => ({
  'controller_runtime_reconcile_total{controller="shelves",result="requeue_after"}': [0, count],
})
const puts = (count: number): Pages => ({
  'rest_client_requests_total{code="200",method="PUT"}': [0, count],
})
const operator = (stacks: string, pages: Pages = {}): Server => ({
  rule: 'client.reconcile-backlog',
  component: 'operator',
  reads: 'goroutine',
  minor: 35,
  stacks,
  pages: { ...busy, ...pages },
})

test.each<[string, Server, RegExp, RegExp]>([
  [
    'lists asked for with a client of client-go',
    operator(LISTS),
    /100% of them ask the server for lists/,
    /MaxConcurrentReconciles|they compute/,
  ],
  [
    'single objects asked for with a client of client-go',
    operator(GETS),
    /100% of them ask the API server for single objects/,
    /for lists|they compute/,
  ],
  [
    'a lock that one of four has while it asks a server',
    operator(`${LOCKS}\n${HOLDER} 1`),
    /75% of them wait for a lock/,
    /MaxConcurrentReconciles|they compute/,
  ],
  [
    'one lock among calls of a server',
    operator(`${LOCKS.replace(/3$/, '1')}\n${HOLDER} 4`),
    /MaxConcurrentReconciles/,
    /wait for a lock/,
  ],
  [
    'a lock inside the client that asks',
    operator(`${CALLS}; sync.(*Mutex).Lock; internal/sync.(*Mutex).lockSlow; runtime.gopark 4`),
    /answers of another server/,
    /wait for a lock/,
  ],
  [
    'a connection for each call',
    operator(DIALS),
    /100% of them wait for a connection/,
    /answers of another server|MaxConcurrentReconciles/,
  ],
  [
    'calls over connections that are there',
    operator(`${HOLDER} 4`),
    /answers of another server/,
    /for a connection/,
  ],
  [
    'each reconcile writes, and asks to be called again',
    operator(WRITES, { ...comeBack(60), ...puts(60) }),
    /its own updates start it again[^]*ask to be called again/,
    /they compute/,
  ],
  [
    'few reconciles write, and all ask to be called again',
    operator(`${HOLDER} 4`, { ...comeBack(60), ...puts(6) }),
    /ask to be called again/,
    /its own updates start it again/,
  ],
  [
    'few updates, most of which are refused with a conflict',
    operator(WRITES, {
      ...puts(4),
      'rest_client_requests_total{code="409",method="PUT"}': [0, 12],
    }),
    /refused with a conflict/,
    /MaxConcurrentReconciles/,
  ],
  [
    'few updates, of which few are refused',
    operator(`${HOLDER} 4`, {
      ...puts(30),
      'rest_client_requests_total{code="409",method="PUT"}': [0, 2],
    }),
    /MaxConcurrentReconciles/,
    /refused with a conflict again/,
  ],
  ['four that compute', operator(COMPUTES), /what they compute/, /wait for a|for lists/],
])('%s: what is done about reconciles that wait', (_name, server, said, unsaid) => {
  const text = saidTo(server)
  expect(text).toMatch(said)
  expect(text).not.toMatch(unsaid)
})

test('that reconciles compute is no advice where all four of them are parked', () => {
  const parked = `${RECONCILES}; main.(*shelves).waitFor; runtime.gopark`
  expect(saidTo(operator(`${parked} 4`))).not.toMatch(/they compute/)
  expect(saidTo(operator(`${parked} 2`))).toMatch(/Where they compute/)
})

test('workers that wait for a limiter of the program itself are not to be more', () => {
  const PACED = `${RECONCILES}; golang.org/x/time/rate.(*Limiter).WaitN; runtime.selectgo 4`
  expect(saidTo(operator(PACED))).toMatch(/a limiter of the program's own \(100%/)
  expect(saidTo(operator(PACED))).not.toMatch(/raise MaxConcurrentReconciles/)
  const waits = `${RECONCILES}; main.askTheCloud; runtime.selectgo 4`
  expect(saidTo(operator(waits))).not.toMatch(/a limiter of the program's own/)
})

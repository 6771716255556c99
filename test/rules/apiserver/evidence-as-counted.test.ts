import { expect, test } from 'vitest'
import { type Pages, saidTo } from '../said-to-server.ts'

/** What a rule says of stacks, and of pages of metrics. */
const saidOf =
  (rule: string) =>
  (stacks: string, pages: Pages = {}) =>
    saidTo({ rule, stacks, pages })

const AS = 'k8s.io/apiserver/pkg'
const AE = 'k8s.io/apiextensions-apiserver/pkg'
const CUSTOM = `${AE}/apiserver.(*crdHandler).ServeHTTP; ${AS}/endpoints/handlers.ListResource.func1`
const COPIES = `${AE}/apiserver/conversion.(*safeConverterWrapper).ConvertToVersion; k8s.io/apimachinery/pkg/runtime.DeepCopyJSONValue`

test('a copy that a conversion makes first is a copy, and no conversion', () => {
  const said = saidOf('apiserver.crd-unstructured')
  expect(said(`${CUSTOM}; ${COPIES} 500`)).toMatch(/deep copies: 100% of it/)
  expect(said(`${CUSTOM}; ${COPIES} 500`)).not.toMatch(/converting versions/)
  const converts = `${CUSTOM}; ${AE}/apiserver/conversion.(*nopConverter).Convert 500`
  expect(said(converts)).toMatch(/converting versions without a webhook: 100% of it/)
})

const LISTS = `${AS}/endpoints/handlers.ListResource.func1; ${AS}/storage/etcd3.(*store).GetList; ${AS}/storage/etcd3.(*defaultDecoder).DecodeListItem 500`
const ofStorage: Pages = { 'apiserver_storage_list_total{resource="services"}': [0, 20] }

test('who asks etcd for its revision alone is not told to list from it', () => {
  const said = saidOf('apiserver.list-from-etcd')
  const asked = said(LISTS, {
    ...ofStorage,
    'etcd_request_duration_seconds_count{operation="list",type="pods"}': [0, 100],
    'etcd_request_duration_seconds_count{operation="get",type="services"}': [0, 20],
  })
  expect(asked).toMatch(/Lists that etcd was asked for: pods 10\/s/)
  expect(asked).not.toMatch(/services 2\/s/)
  expect(said(LISTS, ofStorage)).toMatch(
    /those that ask for its revision alone included: services 2\/s/,
  )
})

const policyTimes: Pages = {
  'apiserver_admission_controller_admission_duration_seconds_sum{name="ValidatingAdmissionPolicy",operation="CREATE"}':
    [0, 1],
  'apiserver_admission_controller_admission_duration_seconds_count{name="ValidatingAdmissionPolicy",operation="CREATE"}':
    [0, 100],
}

test('times of validating policies are evidence where policies are evaluated', () => {
  const said = saidOf('apiserver.cel')
  const evaluates = 'github.com/google/cel-go/cel.(*prog).Eval 500'
  expect(
    said(
      `${AS}/admission/plugin/policy/validating.(*validator).Validate; ${evaluates}`,
      policyTimes,
    ),
  ).toMatch(/Average time in validating policies: CREATE/)
  expect(
    said(`${AE}/apiserver/schema/cel.(*Validator).Validate; ${evaluates}`, policyTimes),
  ).not.toMatch(/validating policies: CREATE/)
})

const TABLE = `${AS}/endpoints/handlers.asTable; ${AE}/registry/customresource/tableconvertor.(*convertor).ConvertToTable`

test('columns that are looked up in custom resources are to be fewer', () => {
  const said = saidOf('apiserver.table-printing')
  const looksUp = `${TABLE}; k8s.io/client-go/util/jsonpath.(*JSONPath).FindResults 200`
  expect(said(looksUp)).toMatch(/fewer additionalPrinterColumns/)
  expect(said(looksUp)).toMatch(/Which definitions have the most columns/)
  expect(said(`${TABLE}; k8s.io/apimachinery/pkg/api/meta/table.MetaToTableRow 200`)).not.toMatch(
    /additionalPrinterColumns/,
  )
})

test('the frame of tables that are listed is not told to be of watches', () => {
  const rows =
    'k8s.io/apimachinery/pkg/runtime/serializer/json.(*Serializer).Encode; k8s.io/apimachinery/pkg/runtime.RawExtension.MarshalJSON 150'
  const frame = 'k8s.io/apimachinery/pkg/runtime/serializer/json.(*Serializer).Encode 250'
  const said = (caller: string) =>
    saidTo({
      rule: 'apiserver.encode-json',
      stacks: `${caller}; ${AS}/endpoints/handlers/responsewriters.SerializeObject; ${rows}\n${caller}; ${AS}/endpoints/handlers/responsewriters.SerializeObject; ${frame}`,
    })
  expect(said(`${AS}/endpoints/handlers.ListResource.func1`)).toMatch(/the frame of tables/)
  expect(said(`${AS}/endpoints/handlers.ListResource.func1`)).not.toMatch(/watches were left open/)
  expect(said(`${AS}/endpoints/handlers.(*WatchServer).HandleHTTP`)).toMatch(
    /watches were left open/,
  )
})

const APPLIES = `${AS}/endpoints/handlers.(*applyPatcher).applyPatchToCurrentObject; sigs.k8s.io/structured-merge-diff/v4/merge.(*Updater).Apply`
const TYPED = 'sigs.k8s.io/structured-merge-diff/v4/typed'

test('lists that are applied are told of their keys where they have any', () => {
  const said = saidOf('apiserver.managed-fields')
  const atomic = said(
    `${APPLIES}; ${TYPED}.(*compareWalker).doList; ${TYPED}.(*compareWalker).doLeaf 500`,
  )
  expect(atomic).toMatch(/let them compare first/)
  expect(atomic).not.toMatch(/listType=map/)
  const keyed = said(
    `${APPLIES}; ${TYPED}.(*compareWalker).visitListItems; ${TYPED}.listItemToPathElement 500`,
  )
  expect(keyed).toMatch(/listType=map are long[^]*in a definition \(CRD\) of yours/)
})

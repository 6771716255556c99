import { describe, expect, test } from 'vitest'
import { addressRules, isCidr } from '../../collect/reach/net/address-rules.ts'
import { dial } from '../../collect/reach/net/dial.ts'

/** What `new URL` makes of a host, which is what is dialled. */
const hostOf = (text: string) => new URL(`http://${text}/`).hostname.replace(/^\[|\]$/g, '')
const neverAsked = () => Promise.reject(new Error('an address needs no looking up'))
const never = new AbortController().signal

describe('an address that a user names over HTTP', () => {
  test.each([
    ['169.254.169.254', 'link-local'],
    ['[::ffff:a9fe:a9fe]', 'another address in disguise'],
    ['[::ffff:169.254.169.254]', 'another address in disguise'],
    ['2852039166', 'link-local'],
    ['0xa9fea9fe', 'link-local'],
    ['0251.0376.0251.0376', 'link-local'],
    ['169.254.0.1', 'link-local'],
    ['[fe80::1]', 'link-local'],
    ['168.63.129.16', 'link-local or a metadata service'],
    ['[fd00:ec2::254]', 'link-local or a metadata service'],
    ['100.100.100.200', 'shared'],
    ['192.0.0.192', 'shared'],
    ['2130706433', 'loopback'],
    ['0x7f.1', 'loopback'],
    ['127.1', 'loopback'],
    ['0177.0.0.1', 'loopback'],
    ['127.255.255.254', 'loopback'],
    ['[::1]', 'loopback'],
    ['[0:0:0:0:0:0:0:1]', 'loopback'],
    ['[::ffff:127.0.0.1]', 'another address in disguise'],
    ['[::127.0.0.1]', 'another address in disguise'],
    ['[::a9fe:a9fe]', 'another address in disguise'],
    ['[::ffff:0:127.0.0.1]', 'another address in disguise'],
    ['[::ffff:0:169.254.169.254]', 'another address in disguise'],
    ['0', 'unspecified'],
    ['0.0.0.0', 'unspecified'],
    ['[::]', 'unspecified'],
    ['10.96.0.1', 'private'],
    ['172.31.255.255', 'private'],
    ['192.168.1.1', 'private'],
    ['[fc00::1]', 'private'],
    ['224.0.0.1', 'multicast'],
    ['255.255.255.255', 'multicast'],
    ['[ff02::1]', 'multicast'],
    ['[64:ff9b::a9fe:a9fe]', 'another address in disguise'],
    ['[2002:a9fe:a9fe::]', 'another address in disguise'],
  ])('%s is refused: %s', async (text, why) => {
    const dialling = dial(
      { hostname: hostOf(text), port: 80 },
      { rules: addressRules([]), source: 'user', resolve: neverAsked },
      never,
    )
    await expect(dialling).rejects.toMatchObject({
      code: 'ADDRESS_DENIED',
      message: expect.stringContaining(why),
    })
  })

  test.each(['1.1.1.1', '172.32.0.1', '100.63.255.255', '[2606:4700::1111]'])(
    '%s may be asked',
    (text) => {
      expect(addressRules([]).refusalOf(hostOf(text), 'user')).toBeNull()
    },
  )

  test('may be asked where a range is allowed, and no other then', () => {
    const rules = addressRules(['10.1.0.0/16', 'fd00::/8'])
    expect(rules.refusalOf('10.1.2.3', 'user')).toBeNull()
    expect(rules.refusalOf('fd12::1', 'user')).toBeNull()
    expect(rules.refusalOf('10.2.0.1', 'user')).toBe('private')
    expect(rules.refusalOf('::ffff:10.1.2.3', 'user')).toContain('in disguise')
  })
})

test('an address that a cluster names may be private, but neither our loopback nor a metadata service', () => {
  const rules = addressRules([])
  expect(rules.refusalOf('10.0.0.7', 'discovered')).toBeNull()
  expect(rules.refusalOf('127.0.0.1', 'discovered')).toContain('loopback')
  expect(rules.refusalOf('169.254.169.254', 'discovered')).toContain('metadata')
})

test('an address that the operator names may be loopback, but not a metadata service', () => {
  const rules = addressRules([])
  expect(rules.refusalOf('127.0.0.1', 'operator')).toBeNull()
  expect(rules.refusalOf('::1', 'operator')).toBeNull()
  expect(rules.refusalOf('fe80::1%eth0', 'operator')).toContain('link-local')
})

test.each(['10.0.0.0', '10.0.0.0/33', '::/129', 'ten/8', '10.0.0.0/8 '])(
  '%s is not an address range',
  (text) => {
    expect(isCidr(text)).toBe(false)
    expect(() => addressRules([text])).toThrow(RangeError)
  },
)

describe('a name', () => {
  test('is refused when one of its addresses is', async () => {
    await expect(ask(['93.184.216.34', '169.254.169.254']).dialling).rejects.toMatchObject({
      code: 'ADDRESS_DENIED',
      message: expect.stringContaining('rebind.example is 169.254.169.254, which is link-local'),
    })
  })

  test('is looked up once: what it means a moment later leads nowhere', async () => {
    const asked = ask(['127.0.0.1'], addressRules(['127.0.0.0/8']))
    await expect(asked.dialling).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    expect(asked.lookups()).toBe(1)
  })
})

/** Dials a name that has these addresses. */
function ask(addresses: readonly string[], rules = addressRules([])) {
  let count = 0
  const resolve = () => {
    count++
    return Promise.resolve(addresses.map((address) => ({ address, family: 4 })))
  }
  const dialling = dial(
    { hostname: 'rebind.example', port: 9 },
    { rules, source: 'user', resolve },
    AbortSignal.timeout(2000),
  )
  return { dialling, lookups: () => count }
}

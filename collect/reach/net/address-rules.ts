import { BlockList, isIP } from 'node:net'

/**
 * Where an address comes from. `operator`: from the person who runs kubeprof, in a file or on the command line.
 * `discovered`: from a cluster, whose pods and nodes have private addresses. `user`: from a user, over HTTP.
 */
export type AddressSource = 'operator' | 'discovered' | 'user'

/** Which addresses may be connected to. */
export interface AddressRules {
  /** Why the address is denied: `private`. Null where it is allowed. */
  refusalOf(address: string, source: AddressSource): string | null
}

interface Range {
  readonly cidrs: readonly string[]
  readonly what: string
  /** The sources for which it is allowed. */
  readonly isOpenTo: readonly AddressSource[]
}

/** https://www.iana.org/assignments/iana-ipv4-special-registry, https://www.iana.org/assignments/iana-ipv6-special-registry */
const RANGES: readonly Range[] = [
  {
    // 100.100.100.200 of 100.64.0.0/10 and fd00:ec2::254 are the metadata services of Alibaba and AWS; 168.63.129.16 is
    // the one that Azure has beside 169.254.169.254.
    cidrs: ['169.254.0.0/16', '168.63.129.16/32', 'fe80::/10', 'fec0::/10', 'fd00:ec2::/32'],
    what: 'link-local or a metadata service of a cloud',
    isOpenTo: [],
  },
  {
    cidrs: ['100.64.0.0/10', '192.0.0.0/24', '198.18.0.0/15'],
    what: 'shared between providers',
    isOpenTo: [],
  },
  { cidrs: ['0.0.0.0/8', '::/128'], what: 'unspecified', isOpenTo: [] },
  {
    cidrs: ['224.0.0.0/4', '240.0.0.0/4', 'ff00::/8'],
    what: 'multicast, broadcast or reserved',
    isOpenTo: [],
  },
  { cidrs: ['127.0.0.0/8', '::1/128'], what: 'loopback', isOpenTo: ['operator'] },
  {
    // IPv4-mapped, IPv4-compatible (deprecated), IPv4-translated, NAT64, 6to4, Teredo. `::` and `::1` come before.
    cidrs: [
      '::ffff:0:0/96',
      '::/96',
      '::ffff:0:0:0/96',
      '64:ff9b::/96',
      '64:ff9b:1::/48',
      '2002::/16',
      '2001::/32',
    ],
    what: 'another address in disguise',
    isOpenTo: [],
  },
  {
    cidrs: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
    what: 'private',
    isOpenTo: ['operator', 'discovered'],
  },
]

/** Rules that deny the ranges above except for `allow`: CIDRs. Throws a RangeError for an invalid CIDR. */
export function addressRules(allow: readonly string[]): AddressRules {
  const allowed = blockList(allow)
  const ranges = RANGES.map((range) => ({ ...range, contains: blockList(range.cidrs) }))
  return {
    refusalOf(address, source) {
      // The zone, as in fe80::1%eth0, does not matter here.
      const [bare = ''] = address.split('%')
      if (isIP(bare) === 0) return 'no address'
      if (allowed(bare)) return null
      const range = ranges.find(({ contains }) => contains(bare))
      return range === undefined || range.isOpenTo.includes(source) ? null : range.what
    },
  }
}

/** Allows everything: for addresses typed into one's own terminal. */
export const ANY_ADDRESS: AddressRules = { refusalOf: () => null }

/** Whether the text is a CIDR, `10.0.0.0/8`. */
export function isCidr(text: string): boolean {
  return parseCidr(text) !== null
}

/** One list per family, because a BlockList also matches an IPv4 address in its IPv6 form. */
function blockList(cidrs: readonly string[]): (address: string) => boolean {
  const lists = { ipv4: new BlockList(), ipv6: new BlockList() }
  for (const cidr of cidrs) {
    const parsed = parseCidr(cidr)
    if (parsed === null) throw new RangeError(`${cidr} is not an address range like 10.0.0.0/8`)
    lists[parsed.family].addSubnet(parsed.address, parsed.bits, parsed.family)
  }
  return (address) => {
    const family = isIP(address) === 4 ? 'ipv4' : 'ipv6'
    return lists[family].check(address, family)
  }
}

function parseCidr(text: string) {
  const [, address = '', bitsText = ''] = /^([0-9a-f:.]+)\/(\d{1,3})$/i.exec(text) ?? []
  const version = isIP(address)
  const bits = Number(bitsText)
  if (version === 0 || bits > (version === 4 ? 32 : 128)) return null
  return { address, bits, family: version === 4 ? ('ipv4' as const) : ('ipv6' as const) }
}

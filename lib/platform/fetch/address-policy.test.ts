import { describe, expect, test } from 'vitest'
import { AppError } from '@/lib/kernel/errors'
import { isGrantableNetwork, parseUpstreamUrl, requireAllowedAddress } from './address-policy'

const rules = { ownHosts: ['tv.example', 'other.example:8080'], loopbackAllowed: ['127.0.0.1:4555'], privateNetworks: [] }

function codeOf(run: () => unknown): string {
  try {
    run()
    return 'accepted'
  } catch (error) {
    return error instanceof AppError ? error.code : String(error)
  }
}

const scheme = 'UPSTREAM_SCHEME_NOT_ALLOWED'
const address = 'UPSTREAM_ADDRESS_BLOCKED'
const invalid = 'UPSTREAM_URL_INVALID'

// The numbers are those of the bad-input corpus, group D1.
const corpus: [number, string, string][] = [
  [1, 'file:///etc/passwd', scheme],
  [2, 'concat:/etc/hostname|x.ts', scheme],
  [3, 'gopher://127.0.0.1:6379/_', scheme],
  [4, 'data:video/mp2t;base64,AA', scheme],
  [5, 'javascript:alert(1)', scheme],
  [6, 'subfile,,start,0,end,9,,:/etc/hosts', invalid],
  [7, 'http://127.0.0.1/', address],
  [8, 'http://127.1/', address],
  [9, 'http://2130706433/', address],
  [10, 'http://0x7f.1/', address],
  [11, 'http://0177.0.0.1/', address],
  [12, 'http://0/', address],
  [13, 'http://１２７.0.0.1/', address],
  [14, 'http://①②⑦.⓪.⓪.①/', address],
  [15, 'http://[::1]/', address],
  [16, 'http://[::ffff:7f00:1]/', address],
  [17, 'http://[64:ff9b::7f00:1]/', address],
  [18, 'http://[2002:7f00:1::]/', address],
  [19, 'http://0xA9FEA9FE/latest/meta-data/', address],
  [20, 'http://[fd00:ec2::254]/', address],
  [21, 'http://localhost./', address],
  [22, 'http:\\\\127.0.0.1\\x', address],
  [23, 'http://good.example@127.0.0.1/', address],
  [24, 'http://100.64.0.1/', address],
  [25, 'http://[fe80::1%25eth0]/', invalid],
  [26, 'http://1.2.3.4:99999/', invalid],
  [27, 'http://h:5432/', 'UPSTREAM_PORT_BLOCKED'],
  [28, 'https://TV.example./live/a/b/1.ts', 'UPSTREAM_IS_SELF'],
  [28, 'http://other.example:8080/', 'UPSTREAM_IS_SELF'],
  [29, 'http://good.exa\r\nmple/', invalid],
  [30, `http://good.example/${'a'.repeat(9_000)}`, 'UPSTREAM_URL_TOO_LONG'],
  [31, 'http://u:p@good.example/', 'UPSTREAM_URL_HAS_CREDENTIALS'],
  [31, 'http://u@good.example/', 'UPSTREAM_URL_HAS_CREDENTIALS'],
]

test.each(corpus)('D1-%i %s is refused', (_number, url, code) => {
  expect(codeOf(() => parseUpstreamUrl(url, rules))).toBe(code)
})

test.each([
  'http://good.example/live/u/p/1.ts',
  'https://8.8.8.8:25461/x',
  'http://[2606:4700::1111]:8080/',
  'http://other.example:8081/',
  'http://127.0.0.1:4555/demo',
])('%s is accepted', url => {
  expect(codeOf(() => parseUpstreamUrl(url, rules))).toBe('accepted')
})

test.each(['http://127.0.0.1:4556/', 'http://127.0.0.2:4555/', 'http://localhost:4555/'])(
  '%s is not the allowed loopback',
  url => {
    expect(codeOf(() => parseUpstreamUrl(url, rules))).toBe(address)
  },
)

describe('addresses', () => {
  test.each([
    '::1',
    '::',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '::127.0.0.1',
    '::ffff:0:7f00:1',
    '64:ff9b::10.0.0.1',
    '64:ff9b::7f00:1',
    '64:ff9b:1::7f00:1',
    '2002:7f00:1::',
    '2001:0:7f00:1::1',
    '2606:4700::5efe:7f00:1',
    'fe80::1',
    'fec0::1',
    'fc00::1',
    'ff02::1',
    '2001:db8::1',
    '100::1',
    '5f00::1',
    '4000::1',
    '10.0.0.1',
    '172.16.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '192.0.0.192',
    '198.18.0.1',
    '224.0.0.1',
    '240.0.0.1',
    '255.255.255.255',
    '0.1.2.3',
    'not an address',
    '',
  ])('%s is refused', ip => {
    expect(codeOf(() => requireAllowedAddress(ip, []))).toBe(address)
  })

  test.each(['1.1.1.1', '2606:4700::1111', '64:ff9b::8.8.8.8'])('%s is public', ip => {
    expect(codeOf(() => requireAllowedAddress(ip, []))).toBe('accepted')
  })

  test('a granted private range is open, and nothing beside it', () => {
    const granted = [
      '192.168.1.0/24',
      'fd12:3456::/32',
      '0.0.0.0/0',
      '127.0.0.0/8',
      '169.254.0.0/16',
      'nonsense',
      '100.64.0.0/10',
    ]
    const answers = ['192.168.1.7', 'fd12:3456::9', '192.168.2.7', '10.0.0.1', '127.0.0.1', '169.254.169.254', '100.100.100.200']
    expect(answers.map(ip => codeOf(() => requireAllowedAddress(ip, granted)))).toEqual([
      'accepted',
      'accepted',
      address,
      address,
      address,
      address,
      address,
    ])
  })

  test('metadata addresses stay shut inside a granted range', () => {
    expect(codeOf(() => requireAllowedAddress('fd00:ec2::254', ['fd00::/8']))).toBe(address)
  })

  test('only private ranges can be granted', () => {
    expect(
      ['10.0.0.0/8', 'fd00::/8', '8.8.8.0/24', '0.0.0.0/0', '::/0', '127.0.0.0/8', '10.0.0.0/4', 'x'].map(isGrantableNetwork),
    ).toEqual([true, true, false, false, false, false, false, false])
  })
})

import { expect, test } from 'vitest'
import { startRules, toRules } from './rules-draft'

test('lists are written with commas, semicolons or lines; countries in capitals', () => {
  const rules = toRules({
    ...startRules(undefined),
    allowNetworks: ' 203.0.113.7,198.51.100.0/24 ,, ',
    blockCountries: 'es; de',
    allowApps: 'TiviMate\nIPTV Smarters',
  })
  expect(rules).toEqual({
    allowNetworks: ['203.0.113.7', '198.51.100.0/24'],
    blockNetworks: [],
    allowCountries: [],
    blockCountries: ['ES', 'DE'],
    allowApps: ['TiviMate', 'IPTV Smarters'],
    blockApps: [],
  })
  expect(toRules(startRules(rules))).toEqual(rules)
})

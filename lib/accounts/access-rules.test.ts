import { expect, test } from 'vitest'
import { type Caller, isFree, passesRules, shutRules } from './access-rules'
import { AccessRules } from './schema'

const caller: Caller = { address: '203.0.113.7', country: 'ES', app: 'TiviMate/5.1' }
const passes = (rules: Partial<AccessRules>, of = caller) => passesRules(AccessRules.parse(rules), of)

test('who is blocked stays out, and where some are allowed the others do', () => {
  expect(passes({})).toBe(true)
  expect(passes({ blockNetworks: ['203.0.113.0/24'] })).toBe(false)
  expect(passes({ allowNetworks: ['203.0.113.0/24'] })).toBe(true)
  expect(passes({ allowNetworks: ['2001:db8::/32'] })).toBe(false)
  expect(passes({ allowCountries: ['ES'] })).toBe(true)
  expect(passes({ allowCountries: ['ES'] }, { ...caller, country: null })).toBe(false)
  expect(passes({ blockApps: ['tivimate'] })).toBe(false)
  expect(passes({ allowApps: ['Kodi'] })).toBe(false)
})

test('rules that cannot be read let nobody pass', () => {
  expect(isFree(shutRules())).toBe(false)
  expect(passesRules(shutRules(), caller)).toBe(false)
  expect(passesRules(shutRules(), { ...caller, address: '::1' })).toBe(false)
})

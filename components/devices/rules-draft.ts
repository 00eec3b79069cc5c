import type { AccessRules } from '@/lib/accounts/schema'

/** Each list as one text, the entries between commas. */
export type RulesDraft = Record<keyof AccessRules, string>

export const ruleNames = [
  'allowNetworks',
  'blockNetworks',
  'allowCountries',
  'blockCountries',
  'allowApps',
  'blockApps',
] as const satisfies readonly (keyof AccessRules)[]

const mapRules = <T>(map: (name: keyof AccessRules) => T) =>
  Object.fromEntries(ruleNames.map(name => [name, map(name)])) as Record<keyof AccessRules, T>

export const startRules = (rules: AccessRules | undefined): RulesDraft => mapRules(name => rules?.[name].join(', ') ?? '')

export const toRules = (draft: RulesDraft): AccessRules =>
  mapRules(name => {
    const entries = draft[name].split(/[,;\n]+/).map(entry => entry.trim())
    return entries.filter(Boolean).map(entry => (name.endsWith('Countries') ? entry.toUpperCase() : entry))
  })

/** The server names one entry, like "rules.allowNetworks.0"; the form shows it at its list. */
export const isRuleField = (field: string | undefined): boolean => field?.startsWith('rules') ?? false

import 'server-only'

/**
 * SQL: may the profile `p` still see the channel `item`? A plan removes what it may not, a moment later; its name must not be
 * told meanwhile, nor of what was told before (style.md 15).
 */
export const isInReach = (item: string, p: string): string =>
  `EXISTS (SELECT 1 FROM source x JOIN provider v ON v.id = x.provider_id
     WHERE x.item_id = ${item} AND (v.owner_id IS NULL OR v.owner_id = ${p}.account_id)
       AND NOT EXISTS (SELECT 1 FROM hidden_provider h WHERE h.profile_id = ${p}.id AND h.provider_id = v.id))`

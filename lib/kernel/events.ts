/** News that rooms publish on the bus, with what it carries. "When X happens, do Y" is written in process/subscriptions.ts only. */
export interface Events {
  'session.revoked': { sessionId: string }
  'account.disabled': { accountId: string }
  'provider.changed': { providerId: number }
  'provider.deleted': { providerId: number }
  'keys.changed': Record<string, never>
  'import.cancel': { importId: number }
}

export type EventName = keyof Events

/** News that rooms publish on the bus, with what it carries. "When X happens, do Y" is written in process/subscriptions.ts only. */
export interface Events {
  'session.revoked': { sessionId: string }
  'account.disabled': { accountId: string }
  /** How long it may watch is another now. */
  'account.changed': { accountId: string }
  'provider.changed': { providerId: number }
  /** Null: it was the platform's. */
  'provider.deleted': { providerId: number; ownerId: string | null }
  /** What a provider lists is another now: an import, a merge or a split changed it. */
  'catalogue.changed': { providerIds: number[] }
  /** A device line was changed, revoked or deleted. */
  'line.changed': { lineId: number }
  /** What a profile sees is another now. */
  'profile.changed': { profileId: string }
  /** A profile chose something for the player. `sessionId`: the device that did it, which knows already. */
  'choices.changed': { accountId: string; profileId: string; sessionId: string }
  /** Server-wide rules for device lines. */
  'settings.changed': Record<string, never>
  /** What the lines of a bouquet may see is another now. */
  'bouquet.changed': { bouquetId: number }
  'playback.ended': { ids: string[] }
  /** A slot went to somebody of higher priority: its holder closes its connection. */
  'slot.taken': { providerId: number; n: number; fence: string }
  /** A channel is bad for everyone who watches it, or is well again. */
  'quality.alert': { itemId: number }
  'keys.changed': Record<string, never>
  'import.cancel': { importId: number }
  /** A catalogue was read, whole or in part. */
  'import.ended': { providerId: number }
  /** How far a refresh is; told when a whole percent or its state moved. */
  'import.progress': { importId: number; providerId: number; state: string; progress: number }
  /** `sessionId`: the device that did it, which knows already. */
  'favourite.changed': { accountId: string; profileId: string; sessionId: string; itemId: number }
  /** Watched further, finished or forgotten; null: the whole history was forgotten. */
  'history.changed': { accountId: string; profileId: string; sessionId: string; itemId: number | null }
  /** A profile has something new to be told. */
  'notification.made': { accountId: string; profileId: string }
  /** It has looked at what it was told, put some of it off or away. */
  'notification.changed': { accountId: string; profileId: string }
  'guide.cancel': { sourceId: number }
  'guide.changed': { sourceId: number; providerId: number | null }
}

export type EventName = keyof Events

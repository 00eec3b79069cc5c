import 'server-only'
import type { Viewer } from '@/lib/accounts/schema'
import type { Events } from '@/lib/kernel/events'
import type { AddressedNews, Audience } from './audience'
import { findGuideOwner, listPlaybackOwners, listProviderOwners } from './audience-store'

const otherDevicesOf = ({
  accountId,
  profileId,
  sessionId,
}: Pick<Viewer, 'accountId' | 'profileId' | 'sessionId'>): Audience => ({
  accountId,
  profileId,
  exceptSessionId: sessionId,
})

/** Events of the bus that viewers may hear of, each with who may. */
const makers = {
  'guide.changed': async ({ sourceId, providerId }: Events['guide.changed']): Promise<AddressedNews[]> => {
    const accountId = await findGuideOwner(sourceId)
    if (accountId === undefined) return []
    const audience = { accountId, ...(providerId === null ? {} : { providerId }) }
    return [{ topic: 'guide.changed', data: { sourceId, providerId }, audience }]
  },
  'catalogue.changed': async ({ providerIds }: Events['catalogue.changed']): Promise<AddressedNews[]> => {
    const owners = await listProviderOwners(providerIds)
    // One piece each: nobody learns of providers beside his own.
    return [...owners].map(([providerId, accountId]) => ({
      topic: 'catalogue.changed',
      data: { providerIds: [providerId] },
      audience: { accountId, providerId },
    }))
  },
  'provider.changed': async ({ providerId }: Events['provider.changed']): Promise<AddressedNews[]> => {
    const accountId = (await listProviderOwners([providerId])).get(providerId)
    if (accountId === undefined) return []
    return [{ topic: 'provider.changed', data: { providerId }, audience: { accountId } }]
  },
  'provider.deleted': async ({ providerId, ownerId }: Events['provider.deleted']): Promise<AddressedNews[]> => {
    const audience = { accountId: ownerId }
    return [
      { topic: 'provider.changed', data: { providerId }, audience },
      { topic: 'catalogue.changed', data: { providerIds: [providerId] }, audience },
    ]
  },
  'import.progress': async (data: Events['import.progress']): Promise<AddressedNews[]> => {
    const accountId = (await listProviderOwners([data.providerId])).get(data.providerId)
    if (accountId === undefined) return []
    return [{ topic: 'import.progress', data, audience: { accountId, adminsOnly: accountId === null } }]
  },
  'favourite.changed': async ({ itemId, ...actor }: Events['favourite.changed']): Promise<AddressedNews[]> => [
    { topic: 'favourite.changed', data: { itemId }, audience: otherDevicesOf(actor) },
  ],
  'history.changed': async ({ itemId, ...actor }: Events['history.changed']): Promise<AddressedNews[]> => [
    { topic: 'history.changed', data: { itemId }, audience: otherDevicesOf(actor) },
  ],
  'choices.changed': async (actor: Events['choices.changed']): Promise<AddressedNews[]> => [
    { topic: 'choices.changed', data: {}, audience: otherDevicesOf(actor) },
  ],
  'profile.changed': async ({ profileId }: Events['profile.changed']): Promise<AddressedNews[]> => [
    { topic: 'profile.changed', data: {}, audience: { accountId: null, profileId } },
  ],
  'notification.made': async ({ accountId, profileId }: Events['notification.made']): Promise<AddressedNews[]> => [
    { topic: 'notification.made', data: {}, audience: { accountId, profileId } },
  ],
  'notification.changed': async ({ accountId, profileId }: Events['notification.changed']): Promise<AddressedNews[]> => [
    { topic: 'notification.changed', data: {}, audience: { accountId, profileId } },
  ],
  'playback.ended': async ({ ids }: Events['playback.ended']): Promise<AddressedNews[]> =>
    (await listPlaybackOwners(ids)).map(({ id, ...audience }) => ({ topic: 'playback.ended', data: { id }, audience })),
  'quality.alert': async (data: Events['quality.alert']): Promise<AddressedNews[]> => [
    { topic: 'quality.alert', data, audience: { accountId: null, adminsOnly: true } },
  ],
}

export type HeardEvent = keyof typeof makers
export const heardEvents = Object.keys(makers) as HeardEvent[]

/** What viewers are told of an event. */
export function toNews<Name extends HeardEvent>(name: Name, data: Events[Name]): Promise<AddressedNews[]> {
  return makers[name](data as never)
}

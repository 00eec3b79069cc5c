import type { Viewer } from '@/lib/accounts/schema'
import type { ReminderView } from '@/lib/notifications/schema'
import { type PushService, startPushService } from '../fakes/push'
import { importGuideNow, plantGuideProvider, programmeXml, serveGuide, thisHour, tv } from './guide-steps'
import type { World } from './harness'

export const seconds = (hours: number) => (thisHour + hours * 3_600_000) / 1_000

export interface GuideDesk {
  viewer: Viewer
  /** Item ids of the channels One, Two and Three. */
  channels: Record<'One' | 'Two' | 'Three', number>
  /** Reads this guide, and lets the reminders of the viewer follow it. */
  publish(...programmes: string[]): Promise<void>
  end(): void
}

export const shown = (reminder: ReminderView | undefined) =>
  reminder?.airings.map(({ channel, title, start }) => `${channel} ${title} ${(start * 1_000 - thisHour) / 3_600_000}`)

/** A viewer with three channels, and a guide that the test writes. */
export async function setDesk(world: World): Promise<GuideDesk> {
  const viewer = await world.makeViewer()
  const server = await serveGuide(world)
  const provider = await plantGuideProvider(viewer.accountId, { guideUrl: `${server.url}/guide.xml` })
  const { pool } = await import('@/lib/platform/db')
  const plant = async (name: string) => {
    const { rows } = await pool().query<{ id: number }>(
      `WITH made AS (INSERT INTO item (kind, owner_id, name, sort_name, match_key, guide_id, number)
         VALUES ('channel', $1, $3, lower($3), lower($3), lower($3), 7) RETURNING id)
       INSERT INTO source (item_id, provider_id, kind, provider_item_id, name, position)
       SELECT id, $2, 'channel', $3, $3, id FROM made RETURNING item_id AS id`,
      [viewer.accountId, provider, name],
    )
    return rows[0]?.id ?? 0
  }
  const channels = { One: await plant('One'), Two: await plant('Two'), Three: await plant('Three') }
  return {
    viewer,
    channels,
    publish: async (...programmes) => {
      // A guide is believed between its first and its last programme: what is left out in between is gone.
      const names = ['one', 'two', 'three']
      const ends = names.flatMap(name => [programmeXml(name, -2, 'Dawn'), programmeXml(name, 60, 'Night')])
      server.body = tv(...ends, ...programmes)
      await importGuideNow(provider)
      const { planReminders } = await import('@/lib/notifications/plan')
      await planReminders(viewer)
    },
    end: () => server.end(),
  }
}

export const query = async <T>(text: string, values: unknown[] = []): Promise<T[]> => {
  const { pool } = await import('@/lib/platform/db')
  return (await pool().query(text, values)).rows as T[]
}

/** A new profile of the desk's viewer, with a session, and a push service that may be called: nothing of one is due in another. */
export async function openPost(world: World, desk: GuideDesk): Promise<{ viewer: Viewer; push: PushService }> {
  const viewer = await world.makeProfile(desk.viewer, 'Cleo')
  const [session] = await query<{ id: string }>(
    `INSERT INTO session (account_id, profile_id, user_agent, address, expires_at)
     VALUES ($1, $2, 'test', '127.0.0.1', now() + interval '1 day') RETURNING id`,
    [viewer.accountId, viewer.profileId],
  )
  const push = await startPushService()
  const { configureSafeFetch } = await import('@/lib/platform/fetch')
  configureSafeFetch({ ownHosts: [], loopbackAllowed: [new URL(push.url).host] })
  return { viewer: { ...viewer, sessionId: session?.id ?? '' }, push }
}

/** Sets a reminder for the programme of the channel One in five hours, and makes it due. */
export async function makeDue(viewer: Viewer, desk: GuideDesk): Promise<number> {
  const { createReminder } = await import('@/lib/notifications')
  const { id } = await createReminder(viewer, { kind: 'programme', itemId: desk.channels.One, start: seconds(5), minutes: 5 })
  await query("UPDATE reminder_airing SET due_at = now() - interval '1 second' WHERE reminder_id = $1", [id])
  return id
}

/** What waits for its next try may try now; what a dead worker holds counts as run out. */
export const letTimePass = () =>
  query("UPDATE delivery SET next_at = now() - interval '1 second' WHERE state IN ('waiting', 'claimed')")

export const deliveriesOf = (viewer: Viewer) =>
  query<{ target: string; state: string; problem: string | null; attempts: number; given: number }>(
    `SELECT split_part(d.target, ' ', 1) AS target, d.state::text, d.problem, d.attempts, d.hand_overs AS given
     FROM delivery d JOIN notification n ON n.id = d.notification_id WHERE n.profile_id = $1 ORDER BY target, d.id`,
    [viewer.profileId],
  )

import type { Viewer } from '@/lib/accounts/schema'
import type { ReminderView } from '@/lib/notifications/schema'
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

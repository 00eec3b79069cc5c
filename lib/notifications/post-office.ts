import 'server-only'
import { SECOND, sleep } from '@/lib/kernel/time'
import { publish } from '@/lib/platform/bus'
import { isDatabaseAway } from '@/lib/platform/db'
import { log } from '@/lib/platform/log'
import { MAIL_DEADLINE_MS, mailConfigured } from '@/lib/platform/mail'
import { PUSH_DEADLINE_MS } from '@/lib/platform/push'
import { shared } from '@/lib/platform/shared'
import { fireAlerts } from './alert-store'
import { deliver } from './deliver'
import { claimDeliveries, fireDue } from './delivery-store'

/** How often a worker looks for what is due. A queue of minutes would be too coarse for "in five minutes". */
const LOOK_MS = 2 * SECOND
/** Reminders that become messages in one statement. */
const FIRE_BATCH = 500
/** Messages on their way at once, and how many must have come back before more are claimed. */
const AT_ONCE = 24
const REFILL = 8

interface Office {
  stopped: boolean
  timer: NodeJS.Timeout | null
  looking: Promise<void> | null
  sending: Set<Promise<void>>
  claiming: boolean
}

const office = () =>
  shared<Office>('post-office', () => ({ stopped: false, timer: null, looking: null, sending: new Set(), claiming: false }))

/** Makes messages of everything that is due, batch by batch, and tells the bells. */
async function fireReminders(onBatch: () => Promise<void>): Promise<void> {
  for (;;) {
    const { taken, profiles } = await fireDue(FIRE_BATCH, mailConfigured())
    if (taken > 0) await Promise.all([onBatch(), ...profiles.map(profile => publish('notification.made', profile))])
    if (taken < FIRE_BATCH) return
  }
}

/** Tells administrators of channels that became bad for everyone, and of those that are fine again. */
async function tellAlerts(): Promise<void> {
  for (const kind of ['alert_began', 'alert_ended'] as const) {
    const profiles = await fireAlerts(kind, mailConfigured())
    await Promise.all(profiles.map(profile => publish('notification.made', profile)))
  }
}

/** Claims as much as there is room for and sends it; goes on by itself while there is something. */
async function refill(state: Office): Promise<void> {
  if (state.claiming) return
  state.claiming = true
  try {
    while (!state.stopped && AT_ONCE - state.sending.size >= REFILL) {
      const claimed = await claimDeliveries(AT_ONCE - state.sending.size)
      if (claimed.length === 0) return
      for (const one of claimed) {
        const sent: Promise<void> = deliver(one)
          .catch(error => log().warn({ err: error }, 'what became of a message could not be written'))
          .finally(() => {
            state.sending.delete(sent)
            if (!state.stopped && AT_ONCE - state.sending.size >= REFILL) refill(state).catch(report)
          })
        state.sending.add(sent)
      }
    }
  } finally {
    state.claiming = false
  }
}

const report = (error: unknown) =>
  log()[isDatabaseAway(error) ? 'warn' : 'error']({ err: error }, 'reminders could not be looked after')

async function look(state: Office): Promise<void> {
  await fireReminders(() => refill(state))
  await tellAlerts()
  await refill(state)
}

/** Begins to fire and send; several workers share the work row by row. */
export function openPostOffice(): void {
  const state = office()
  const again = () => {
    if (state.stopped) return
    state.looking = look(state).catch(report)
    void state.looking.finally(() => {
      state.timer = setTimeout(again, LOOK_MS)
    })
  }
  again()
}

/** No new claims; what is on its way may arrive. */
export async function closePostOffice(): Promise<void> {
  const state = office()
  state.stopped = true
  if (state.timer) clearTimeout(state.timer)
  await state.looking
  await Promise.race([Promise.all(state.sending), sleep(Math.max(PUSH_DEADLINE_MS, mailConfigured() ? MAIL_DEADLINE_MS : 0))])
}

/** Fires and sends all that may go now, and returns when it is done: for tests. */
export async function postNow(): Promise<void> {
  await fireReminders(async () => undefined)
  await tellAlerts()
  for (;;) {
    const claimed = await claimDeliveries(AT_ONCE)
    if (claimed.length === 0) return
    await Promise.all(claimed.map(deliver))
  }
}

import 'server-only'
import { sayApp } from '@/lib/kernel/app-name'
import { shared } from '@/lib/platform/shared'
import type { Playing } from '@/lib/playback'
import { browserFamily } from './browser-family'
import { parseClientData } from './cmcd'
import { type BookEntry, QualityBook } from './quality-book'
import { type FiledReport, writeReports } from './store'

const book = () =>
  shared('quality-book', () => new QualityBook(async entries => void (await writeReports(entries.map(toReport)))))

/** Keeps what a player said with a request (CMCD) in the record of the session that the request is for. Never throws. */
export function noteClientData(playing: Playing, text: string): void {
  const data = parseClientData(text)
  if (data !== null) book().note(playing, data)
}

/** Writes what is not written yet; before the process ends. */
export const keepClientData = (): Promise<void> => book().flush()

/** The standard says nothing of how long a halt was, or of failures. */
function toReport({ playing, ...figures }: BookEntry): FiledReport {
  const { id, accountId, profileId, app } = playing
  return {
    ...figures,
    sessionId: id,
    accountId,
    profileId,
    browser: browserFamily(app),
    app: sayApp(app),
    zap: false,
    stalledMs: { network: 0, source: 0, decode: 0, switch: 0, seek: 0 },
    droppedFrames: 0,
    decodedFrames: 0,
    height: 0,
    errors: [],
    failed: false,
    decision: '',
    connection: '',
  }
}

import { z } from 'zod'
import type { SourceFacts } from './decide'

const StoredFacts = z.object({
  container: z.enum(['mpegts', 'hls', 'mp4', 'matroska', 'webm', 'other']).nullable(),
  video: z.string().nullable(),
  audio: z.string().nullable(),
})

/** What was last seen of a source on the wire; null when nothing usable is stored. */
export function parseFacts(stored: unknown): SourceFacts | null {
  return StoredFacts.nullable().catch(null).parse(stored)
}

/** The same sources with the one asked for in front. */
export function preferSource<S extends { id: number }>(sources: readonly S[], preferredId: number | undefined): S[] {
  return [...sources.filter(({ id }) => id === preferredId), ...sources.filter(({ id }) => id !== preferredId)]
}

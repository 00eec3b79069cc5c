import 'server-only'
import type { Job } from '@/lib/platform/queue'

/** Every job of the product. Start-up fails when a name repeats. */
export const jobs: readonly Job[] = []

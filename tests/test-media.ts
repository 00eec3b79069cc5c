import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The scripted provider's channels and films, drawn once for all tests: before the first integration test, or with the browsers' server. */
export const TEST_MEDIA = join(tmpdir(), 'watchtheflix-test-media')

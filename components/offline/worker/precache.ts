import { precacheAndRoute } from 'workbox-precaching'
import { manifest } from './manifest'

/**
 * Answers requests for the build's files from the copies kept on the device. Nothing else is ever kept here: no page but the
 * offline one, which is the same for everybody, no API answer, no picture, no stream, so that nothing of an account is left behind after signing out.
 */
export function servePrecachedFiles(): void {
  precacheAndRoute([...manifest], { cleanURLs: false, directoryIndex: '', ignoreURLParametersMatching: [] })
}

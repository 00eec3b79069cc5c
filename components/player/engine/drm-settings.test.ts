import { expect, test } from 'vitest'
import { toDrmSettings } from './drm-settings'

test('nothing is set for what is not protected', () => {
  expect(toDrmSettings(null)).toEqual({ servers: undefined, advanced: undefined })
})

test('each system has its licence address, FairPlay its certificate', () => {
  const systems = [
    { system: 'com.widevine.alpha' as const, licenceUrl: '/stream/licence/t/com.widevine.alpha', certificateUrl: null },
    {
      system: 'com.apple.fps' as const,
      licenceUrl: '/stream/licence/t/com.apple.fps',
      certificateUrl: '/stream/licence/t/com.apple.fps/certificate',
    },
  ]
  expect(toDrmSettings({ systems })).toEqual({
    servers: { 'com.widevine.alpha': '/stream/licence/t/com.widevine.alpha', 'com.apple.fps': '/stream/licence/t/com.apple.fps' },
    advanced: { 'com.apple.fps': { serverCertificateUri: '/stream/licence/t/com.apple.fps/certificate' } },
  })
})

import { expect, test } from 'vitest'
import { toDrmSettings } from './drm-settings'

test('nothing is set for what is not protected', () => {
  expect(toDrmSettings(null)).toEqual({ servers: undefined, advanced: undefined, keySystemsMapping: undefined })
})

test('each system has its licence address, FairPlay its certificate', () => {
  const systems = [
    { system: 'com.widevine.alpha' as const, licenceUrl: '/wv', certificateUrl: null },
    { system: 'com.apple.fps' as const, licenceUrl: '/fps', certificateUrl: '/fps/certificate' },
    { system: 'org.w3.clearkey' as const, licenceUrl: '/ck', certificateUrl: null },
  ]
  expect(toDrmSettings({ systems, hasGivenKeys: false })).toEqual({
    servers: { 'com.widevine.alpha': '/wv', 'com.apple.fps': '/fps', 'org.w3.clearkey': '/ck' },
    advanced: { 'com.apple.fps': { serverCertificateUri: '/fps/certificate' } },
    keySystemsMapping: undefined,
  })
})

test('Clear Key alone takes what is written for Widevine', () => {
  const systems = [{ system: 'org.w3.clearkey' as const, licenceUrl: '/ck', certificateUrl: null }]
  expect(toDrmSettings({ systems, hasGivenKeys: true })).toEqual({
    servers: { 'com.widevine.alpha': '/ck', 'org.w3.clearkey': '/ck' },
    advanced: undefined,
    keySystemsMapping: { 'com.widevine.alpha': 'org.w3.clearkey' },
  })
})

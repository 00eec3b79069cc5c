import { defineConfig } from '@playwright/test'
import { address, LANES } from './world'

const arguments_ = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--autoplay-policy=no-user-gesture-required',
]

/** These measure real time against an encoder or a broadcast: another browser beside them would measure the machine instead, so `npm test` runs them for themselves. */
const alone = '**/{captions,film-qualities,qualities,subtitles}.spec.ts'
/** What runs only when it is asked for by name: `npm test -- development` */
const extra = ['development', 'recording']
const ignored = extra.filter(name => process.env.E2E_EXTRA !== name).map(name => `**/${name}.spec.ts`)

export default defineConfig({
  testDir: '.',
  projects: [
    { name: 'side by side', testIgnore: [...ignored, alone] },
    { name: 'alone', testMatch: alone, workers: 1 },
  ],
  outputDir: '../output',
  globalSetup: './global-setup.ts',
  workers: LANES,
  fullyParallel: false,
  // Two browsers, two servers and FFmpeg share two cores: what real time spoiled is tried once more, and told as flaky.
  retries: 1,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  reporter: [['list']],
  use: {
    baseURL: address,
    browserName: 'chromium',
    viewport: { width: 1280, height: 800 },
    trace: 'on-first-retry',
    // Each test is a new device, which would fetch the whole build for itself; what is about the worker says `allow`.
    serviceWorkers: 'block',
    launchOptions: { executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium', args: arguments_ },
  },
})

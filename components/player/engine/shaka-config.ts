import { LIVE_DELAY_SECONDS } from '@/lib/playback/schema'

/**
 * Tuning for channels: begin with the first segment there is, stay near the edge, and let the picture run a hair
 * slower (nobody hears 5 %) instead of stopping while the buffer is thin.
 */
const liveConfig = {
  // With a few seconds in hand a slow connection has to be answered within the segment that shows it. Downloads count by how long
  // they take, and those of a channel take hundredths of seconds as long as all is well: with Shaka's memory of 2 and 5 s it would
  // believe in the speed of before for too long, and on the way up in the slowness.
  abr: { switchInterval: 1, advanced: { fastHalfLife: 0.2, slowHalfLife: 1.5 } },
  manifest: {
    updatePeriod: 0.25,
    // Shaka takes the length of the first playlist for the length of the window for ever; the first playlist of a cold
    // channel is a fraction of a second long, and everything behind that would be thrown away while it plays. The server keeps
    // what has been shown for an hour unless told otherwise, so that is how far back a viewer can go.
    availabilityWindowOverride: 3_600,
    defaultPresentationDelay: LIVE_DELAY_SECONDS,
    // Without the dates Shaka takes the first segment of whatever it opens later, a language or subtitles, for the first of the
    // channel, and tells it as much too early as has left the list since.
    hls: { ignoreManifestProgramDateTime: false, ignoreManifestTimestampsInSegmentsMode: false },
    retryParameters: {
      maxAttempts: 2,
      baseDelay: 250,
      backoffFactor: 1.6,
      fuzzFactor: 0.2,
      timeout: 15_000,
      stallTimeout: 12_000,
      connectionTimeout: 12_000,
    },
  },
  streaming: {
    lowLatencyMode: false,
    inaccurateManifestTolerance: 0,
    segmentPrefetchLimit: 2,
    rebufferingGoal: 0,
    bufferingGoal: 12,
    bufferBehind: 30,
    gapDetectionThreshold: 0.3,
    stallThreshold: 2,
    // How often it looks whether the next segment has come: its second of patience is the length of the whole buffer here.
    updateIntervalSeconds: 0.2,
    retryParameters: {
      maxAttempts: 3,
      baseDelay: 250,
      backoffFactor: 1.6,
      fuzzFactor: 0.2,
      timeout: 15_000,
      stallTimeout: 8_000,
      connectionTimeout: 8_000,
    },
  },
} as const

/** Providers round their dates, or give all segments the same one. */
const passedOnConfig = {
  ...liveConfig,
  manifest: { ...liveConfig.manifest, hls: { ...liveConfig.manifest.hls, ignoreManifestProgramDateTime: true } },
} as const

const filmConfig = {
  // As with channels: a segment of a low quality arrives in hundredths of a second on a fast connection, and with Shaka's memory it
  // would take half a minute of film to believe in it. What lasts only for an instant is left out by QualitySteps, at any time.
  abr: { switchInterval: 0, advanced: { fastHalfLife: 0.2, slowHalfLife: 0.4 } },
  manifest: {
    updatePeriod: -1,
    availabilityWindowOverride: Number.NaN,
    defaultPresentationDelay: 0,
    hls: { ignoreManifestProgramDateTime: false, ignoreManifestTimestampsInSegmentsMode: false },
    retryParameters: {
      maxAttempts: 3,
      baseDelay: 400,
      backoffFactor: 2,
      fuzzFactor: 0.3,
      timeout: 30_000,
      stallTimeout: 20_000,
      connectionTimeout: 15_000,
    },
  },
  streaming: {
    lowLatencyMode: false,
    inaccurateManifestTolerance: 2,
    segmentPrefetchLimit: 1,
    rebufferingGoal: 0,
    bufferingGoal: 40,
    bufferBehind: 30,
    gapDetectionThreshold: 0.5,
    stallThreshold: 1,
    updateIntervalSeconds: 1,
    retryParameters: {
      maxAttempts: 3,
      baseDelay: 400,
      backoffFactor: 2,
      fuzzFactor: 0.3,
      timeout: 30_000,
      stallTimeout: 15_000,
      connectionTimeout: 15_000,
    },
  },
} as const

/**
 * A programme of an archive: its segments lie where their timestamps say, up to a key frame's distance from where the playlist
 * says. Told otherwise, Shaka would move each to the playlist's place, with a gap or an overlap at every seam.
 */
const replayConfig = {
  ...filmConfig,
  manifest: {
    ...filmConfig.manifest,
    hls: { ignoreManifestProgramDateTime: true, ignoreManifestTimestampsInSegmentsMode: true },
  },
} as const

export const configs = { live: liveConfig, 'passed-on': passedOnConfig, replay: replayConfig, film: filmConfig } as const

/** Seconds ahead below which a channel is short of picture, and above which it is not; see createPace. */
export const pace = { thinAt: 1, calmAt: 3, thinPeriod: 0.25, calmPeriod: 1, thinRate: 0.93 } as const

/**
 * The same where there are several qualities: a connection that becomes slow is seen after about a second, and the lower quality
 * takes another one to come. `startAt`: seconds in hand before the picture moves.
 */
export const reserve = { thinAt: 2.5, calmAt: 5, startAt: 2.5 } as const

/** For films and channels alike. */
export const commonConfig = {
  mediaSource: { useSourceElements: false },
  manifest: { raiseFatalErrorOnManifestUpdateRequestFailure: true, hls: { disableClosedCaptionsDetection: true } },
  // What browsers say of the network is rounded to little; the first segment says more.
  abr: { defaultBandwidthEstimate: 8_000_000, useNetworkInformation: false },
} as const

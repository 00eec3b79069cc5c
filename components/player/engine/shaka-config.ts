/**
 * Tuning for channels: begin with the first segment there is, stay near the edge, and let the picture run a hair
 * slower (nobody hears 5 %) instead of stopping while the buffer is thin.
 */
export const liveConfig = {
  manifest: {
    updatePeriod: 0.25,
    hls: { liveSegmentsDelay: 2, ignoreManifestProgramDateTime: true },
    retryParameters: {
      maxAttempts: 4,
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
    returnToEndOfLiveWindowWhenOutside: true,
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

export const filmConfig = {
  manifest: {
    updatePeriod: -1,
    hls: { liveSegmentsDelay: 3, ignoreManifestProgramDateTime: false },
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
    returnToEndOfLiveWindowWhenOutside: false,
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

/** Seconds ahead below which a channel is short of picture, and above which it is not; see createPace. */
export const pace = { thinAt: 1, calmAt: 3, thinPeriod: 0.25, calmPeriod: 1, thinRate: 0.93 } as const

/** For films and channels alike. */
export const commonConfig = {
  mediaSource: { useSourceElements: false },
  manifest: { raiseFatalErrorOnManifestUpdateRequestFailure: true, hls: { disableClosedCaptionsDetection: true } },
  abr: { defaultBandwidthEstimate: 8_000_000, switchInterval: 4 },
} as const

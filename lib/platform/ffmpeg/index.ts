import 'server-only'

export { type CoreLease, coreCapacity, freeCores, takeCores } from './admission'
export type { FfmpegInput, FfmpegOutput, FfmpegPlan } from './arguments'
export {
  countFfmpeg,
  type FfmpegEnd,
  type FfmpegLimits,
  type FfmpegRequest,
  type FfmpegRun,
  runFfmpeg,
} from './run'
export { type FfmpegAbilities, ffmpegAbilities, type HardwareKind, hardwareSetUp } from './self-test'

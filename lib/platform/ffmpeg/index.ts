import 'server-only'

export { type CoreLease, coreCapacity, freeCores, takeCores } from './admission'
export { type FfmpegInput, type FfmpegOutput, type FfmpegPlan, guardArguments } from './arguments'
export {
  countFfmpeg,
  type FfmpegEnd,
  type FfmpegLimits,
  type FfmpegRequest,
  type FfmpegRun,
  probePath,
  runFfmpeg,
  startLimited,
} from './run'
export { type FfmpegAbilities, ffmpegAbilities, type HardwareKind, hardwareSetUp } from './self-test'

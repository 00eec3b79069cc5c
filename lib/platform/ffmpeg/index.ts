import 'server-only'

export { type CoreLease, coreCapacity, freeCores, takeCores } from './admission'
export type { FfmpegInput, FfmpegOutput, FfmpegPlan } from './arguments'
export { doubtHardware, type Hardware, type HardwareKind, hardwareSetUp, restHardware } from './hardware'
export {
  countFfmpeg,
  type FfmpegEnd,
  type FfmpegLimits,
  type FfmpegRequest,
  type FfmpegRun,
  runFfmpeg,
} from './run'
export { type FfmpegAbilities, ffmpegAbilities } from './self-test'

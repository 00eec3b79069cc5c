import 'server-only'

export {
  PUSH_DEADLINE_MS,
  type PushMessage,
  type PushOutcome,
  type PushTarget,
  requirePushTarget,
  sendPush,
} from './send'
export { type VapidKeys, vapidKeys } from './vapid-store'

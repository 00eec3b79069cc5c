import 'server-only'

export { isAccepting } from './lifecycle'

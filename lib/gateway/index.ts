import 'server-only'

export { createGateway, type GatewayEnv, type GatewayOptions, isGatewayPath } from './app'
export { gatewayDoor, gatewayFetch } from './door'

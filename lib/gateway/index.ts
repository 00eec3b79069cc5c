import 'server-only'

export { createGateway, type GatewayOptions } from './app'
export { createDevice, deleteDevice, listDevices, renewDevice, updateDevice } from './devices'
export { gatewayDoor, gatewayFetch } from './door'
export { answerFromMemory } from './hot-path'
export { forgetLineUp, forgetLineUps } from './line-ups'
export { answerFacts, renewAnswers } from './lists'
export { addXtream } from './xtream'

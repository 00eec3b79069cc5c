import 'server-only'

export { authOptions } from './auth'
export { clientAddress } from './client-address'
export { respondBare, respondIfNew, respondJson, respondProblem } from './respond'
export { foreignRoute, type Handler, route } from './route'
export { findRequestViewer, requirePageViewer } from './session'

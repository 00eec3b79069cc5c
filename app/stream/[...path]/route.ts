import { foreignRoute } from '@/lib/edge'
import { gatewayFetch } from '@/lib/gateway'

// The Next door to the gateway: `next dev` and hosts without server.mjs. The token in the address is the authorisation.
const handler = foreignRoute(async (request: Request) => gatewayFetch(request))

export { handler as GET, handler as HEAD, handler as OPTIONS, handler as POST }

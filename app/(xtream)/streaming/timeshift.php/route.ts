import { foreignRoute } from '@/lib/edge'
import { gatewayFetch } from '@/lib/gateway'

// The Next door to the Xtream surface: `next dev` and hosts without server.mjs. The device line's credentials authorise.
const handler = foreignRoute(async (request: Request) => gatewayFetch(request))

export { handler as GET, handler as HEAD, handler as OPTIONS, handler as POST }

import NextAuth from 'next-auth'
import { authOptions, foreignRoute } from '@/lib/edge'

type Context = { params: Promise<{ nextauth: string[] }> }
const handler = foreignRoute((request: Request, context: Context) => NextAuth(authOptions())(request, context))

export { handler as GET, handler as POST }

import { route } from '@/lib/edge'
import { removeLogin } from '@/lib/providers'
import { LoginParams } from '@/lib/providers/schema'

export const DELETE = route({
  who: 'viewer',
  params: LoginParams,
  run: ({ viewer, params }) => removeLogin(viewer, params.id, params.loginId),
})

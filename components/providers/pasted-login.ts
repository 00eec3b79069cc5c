export interface PastedLogin {
  address: string
  username: string
  password: string
}

/** Takes a whole get.php, player_api.php or xmltv.php address apart. Null when it is not one. */
export function findPastedLogin(text: string): PastedLogin | null {
  const trimmed = text.trim()
  if (!/[?&]username=/i.test(trimmed)) return null
  const url = URL.parse(/^https?:\/\//i.test(trimmed) ? trimmed : `http://${trimmed}`)
  const username = url?.searchParams.get('username')
  const password = url?.searchParams.get('password')
  if (!url || !username || !password) return null
  const folder = url.pathname.replace(/\/?[^/]*\.php$/i, '').replace(/\/$/, '')
  return { address: url.origin + folder, username, password }
}

/** The name a source gets when its owner gives none: the host, without what all hosts have. */
export function nameFromAddress(address: string): string {
  const trimmed = address.trim()
  if (!trimmed) return ''
  const host = URL.parse(/^https?:\/\//i.test(trimmed) ? trimmed : `http://${trimmed}`)?.hostname ?? ''
  return host.replace(/^www\./, '').slice(0, 60)
}

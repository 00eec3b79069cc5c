import { DAY } from '@/lib/kernel/time'

export const THEME_COOKIE = 'wtf_theme'

const themes = ['dark', 'light', 'contrast', 'system'] as const
export type Theme = (typeof themes)[number]

/** Nothing chosen means dark, except for people whose system asks for more contrast (globals.css). */
export function readTheme(value: string | undefined): Theme | undefined {
  return themes.find(theme => theme === value)
}

/** Applies a theme now and remembers it for the next visit. */
export function chooseTheme(theme: Theme): void {
  document.documentElement.dataset.theme = theme
  // biome-ignore lint/suspicious/noDocumentCookie: the server needs it before first paint, and TV browsers lack cookieStore
  document.cookie = `${THEME_COOKIE}=${theme}; path=/; max-age=${(400 * DAY) / 1000}; samesite=lax`
}

import type { Metadata, Viewport } from 'next'
import { cookies } from 'next/headers'
import type { ReactNode } from 'react'
import { AppProviders } from '@/components/shell/app-providers'
import { readTheme, THEME_COOKIE } from '@/components/shell/theme'
import './globals.css'

export const metadata: Metadata = {
  title: { default: 'WatchTheFlix', template: '%s · WatchTheFlix' },
  description: 'Your television, in a browser.',
  applicationName: 'WatchTheFlix',
  appleWebApp: { capable: true, title: 'WatchTheFlix', statusBarStyle: 'black-translucent' },
  icons: { icon: '/icon.svg', apple: '/icon-192.png' },
}

export const viewport: Viewport = {
  width: 'device-width',
  initialScale: 1,
  viewportFit: 'cover',
  themeColor: '#0a0c10',
}

export default async function RootLayout({ children }: { children: ReactNode }) {
  const theme = readTheme((await cookies()).get(THEME_COOKIE)?.value)
  return (
    <html lang="en" data-theme={theme}>
      <body className="bg-canvas text-16 text-text">
        <AppProviders>{children}</AppProviders>
      </body>
    </html>
  )
}

import { expect, test } from 'vitest'
import { sayApp } from './app-name'

test.each([
  ['TiviMate/4.7.0 (Rockchip; Android 11)', 'TiviMate'],
  ['IPTVSmartersPlayer', 'IPTV Smarters'],
  ['VLC/3.0.20 LibVLC/3.0.20', 'VLC'],
  ['Kodi/20.2 (X11; Linux x86_64) App_Bitness/64', 'Kodi'],
  ['okhttp/4.9.3', 'Android app'],
  ['Lavf/60.3.100', 'FFmpeg'],
  ['AppleCoreMedia/1.0.0.20G75 (Apple TV; U; CPU OS 16_6 like Mac OS X; en_us)', 'Apple player'],
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36',
    'Chrome on Windows',
  ],
  ['Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126.0', 'Edge on Windows'],
  ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/17.5 Safari/605.1.15', 'Safari on Mac'],
  ['Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36', 'Chrome on Android'],
  ['Mozilla/5.0 (Web0S; Linux/SmartTV) AppleWebKit/537.36 Chrome/79.0 Safari/537.36', 'LG TV'],
  ['My Own Player/1.2 (beta)', 'My Own Player'],
  ['', 'An unknown app'],
])('%s is %s', (userAgent, name) => expect(sayApp(userAgent)).toBe(name))

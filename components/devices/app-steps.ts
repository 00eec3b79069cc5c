/** Other apps, and how each is told about us. Names of buttons as the apps write them. */
export const appSteps = [
  {
    value: 'tivimate',
    label: 'TiviMate',
    steps: [
      'Open TiviMate and choose “Add playlist”.',
      'Choose “Xtream Codes”.',
      'Type the server address, the user name and the password.',
      'Choose “Next” until it is done. Channels, movies and the guide come by themselves.',
    ],
  },
  {
    value: 'smarters',
    label: 'IPTV Smarters',
    steps: [
      'Open IPTV Smarters and choose “Add user”.',
      'Choose “Login with Xtream Codes API”.',
      'Type any name, then the user name, the password and the server address.',
      'Choose “Add user”. Channels, movies and the guide come by themselves.',
    ],
  },
  {
    value: 'kodi',
    label: 'Kodi',
    steps: [
      'In Kodi open Settings, then “Add-ons”, “Install from repository”, “PVR clients”, and install “PVR IPTV Simple Client”.',
      'Open its “Configure” and add a configuration of the kind “Remote path”.',
      'Put the playlist address into “M3U playlist URL”, and the guide address into “XMLTV URL” under “EPG”.',
      'Choose “OK”. If no channels appear, start Kodi again.',
    ],
  },
  {
    value: 'vlc',
    label: 'VLC',
    steps: [
      'On a computer choose “Media”, then “Open Network Stream”. On a phone choose “More”, then “New stream”.',
      'Put the playlist address there and choose “Play”.',
      'Open the playlist view to choose another channel.',
    ],
  },
] as const

export type AppName = (typeof appSteps)[number]['value']

/** Buttons of televisions whose browsers send a number and no name: Tizen, webOS, HbbTV. */
const byCode: Readonly<Record<number, string>> = {
  403: 'ColorF0Red',
  404: 'ColorF1Green',
  405: 'ColorF2Yellow',
  406: 'ColorF3Blue',
  412: 'MediaRewind',
  413: 'MediaStop',
  415: 'MediaPlay',
  417: 'MediaFastForward',
  19: 'MediaPause',
  427: 'ChannelUp',
  428: 'ChannelDown',
  457: 'Info',
  458: 'Guide',
  461: 'GoBack',
  10009: 'GoBack',
  10073: 'ListProgram',
  10190: 'MediaLast',
  10221: 'Subtitle',
  10225: 'BrowserSearch',
  10232: 'MediaTrackPrevious',
  10233: 'MediaTrackNext',
  10252: 'MediaPlayPause',
}

type Press = Pick<KeyboardEvent, 'key' | 'keyCode'> & Partial<Pick<KeyboardEvent, 'ctrlKey' | 'metaKey' | 'shiftKey'>>

/** The name of the key, also of one that has only a number, and of what is held beside it where that is not in the name. */
export function readKey({ key, keyCode, ctrlKey, metaKey, shiftKey }: Press): string {
  const name = key === '' || key === 'Unidentified' || key.startsWith('XF86') ? (byCode[keyCode] ?? key) : key
  if (ctrlKey || metaKey) return `Ctrl+${name.length === 1 ? name.toLowerCase() : name}`
  return shiftKey && name.length > 1 && name !== 'Shift' ? `Shift+${name}` : name
}

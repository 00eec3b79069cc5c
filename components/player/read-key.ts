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
  10252: 'MediaPlayPause',
}

/** The name of the key, also of one that has only a number. */
export function readKey({ key, keyCode }: Pick<KeyboardEvent, 'key' | 'keyCode'>): string {
  return key === '' || key === 'Unidentified' ? (byCode[keyCode] ?? key) : key
}

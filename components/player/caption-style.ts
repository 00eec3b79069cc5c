import type { CSSProperties } from 'react'
import type { CaptionStyle } from '@/lib/profiles/schema'

const captionSizes = { small: '0.75', medium: '1', large: '1.35', huge: '1.8' } as const satisfies Record<
  CaptionStyle['size'],
  string
>
const captionColours = { white: '#ffffff', yellow: '#ffe14d', green: '#7dff9a', cyan: '#7de8ff' } as const satisfies Record<
  CaptionStyle['colour'],
  string
>
const captionBacks = { none: 'transparent', shade: 'rgb(0 0 0 / 0.6)', solid: '#000000' } as const satisfies Record<
  CaptionStyle['back'],
  string
>
const captionPlaces = { low: '6%', middle: '22%', top: '72%' } as const satisfies Record<CaptionStyle['place'], string>

export const plainCaptions: CaptionStyle = { size: 'medium', colour: 'white', back: 'shade', place: 'low' }

const pick = <T extends Record<string, string>>(table: T, name: string, plain: keyof T): string =>
  table[name] ?? (table[plain] as string)

/** The style as variables that player.css lays on subtitles. A name that is not known any more counts as the plain one. */
export function captionVariables({ size, colour, back, place }: CaptionStyle): CSSProperties {
  return {
    '--caption-size': pick(captionSizes, size, 'medium'),
    '--caption-colour': pick(captionColours, colour, 'white'),
    '--caption-back': pick(captionBacks, back, 'shade'),
    '--caption-place': pick(captionPlaces, place, 'low'),
  } as CSSProperties
}

import { expect, test } from 'vitest'
import { clean, cueFromSubrip, printCues } from './cue'
import { cueFromAss } from './cue-ass'

const config = `[Script Info]
PlayResX: 640
PlayResY: 360
[V4+ Styles]
Format: Name, Fontname, Fontsize, Italic, Alignment
Style: Default,Arial,20,0,2
Style: Top,Arial,20,-1,8
`
const cue = (text: string, style = 'Default') => cueFromAss(`1,0,${style},,0,0,0,,${text}`, { start: 1, end: 2, config })

test.each([
  ['plain, with a comma', 'plain, with a comma', ''],
  ['two\\Nlines', 'two\nlines', ''],
  ['{\\i1}leaning{\\i0} not', '<i>leaning</i> not', ''],
  ['{\\an8}above', 'above', ' line:5%'],
  ['{\\pos(320,36)}there', 'there', ' line:10% position:50%'],
  ['1 < 2 & 3', '1 &lt; 2 &amp; 3', ''],
  ['{\\b1}left open', '<b>left open</b>', ''],
])('ASS %s', (text, shown, settings) => {
  expect(cue(text)).toMatchObject({ text: shown, settings })
})

test('a style stands for its lines; drawings are no text', () => {
  expect(cue('sung', 'Top')).toMatchObject({ text: '<i>sung</i>', settings: ' line:5%' })
  expect(cue('{\\p1}m 0 0 l 100 0')).toBeNull()
})

test.each([
  ['<i>kept</i> <font color="red">text</font>', '<i>kept</i> text'],
  ['{\\an8}AT&T <3\r\nsecond', 'AT&amp;T &lt;3\nsecond'],
  ['<script>alert(1)</script>', '&lt;script>alert(1)&lt;/script>'],
])('SubRip %s', (text, shown) => {
  expect(clean(text)).toBe(shown)
})

test('cues are printed on the clock of the film', () => {
  expect(printCues([{ start: 3_661.5, end: 3_662, text: 'x', settings: ' line:5%' }])).toBe(
    'WEBVTT\n\n01:01:01.500 --> 01:01:02.000 line:5%\nx\n\n',
  )
})

test('a place mark in SubRip is a place', () => {
  expect(cueFromSubrip('{\\an8}above', { start: 1, end: 2 })).toEqual({ start: 1, end: 2, text: 'above', settings: ' line:5%' })
})

import { describe, expect, test } from 'vitest'
import { buildArguments } from '@/lib/platform/ffmpeg/arguments'
import { sampleMedia } from '../sample-media.test-support'
import { ConversionSettings } from '../schema'
import { listTextLanguages, type MapEntry } from '../ts/psi'
import { type TsProgram, TsScanner } from '../ts/scanner'
import { buildMap, findMap } from '../ts/select-streams'
import { peakBandwidth, rungsBelow, topHeight } from './ladder'
import { type LiveConversion, planLiveConversion } from './live-plan'

const software = { filters: new Set(['bwdif']), hardware: null }
const video = {
  pid: 256,
  codec: 'mpeg2video',
  codecString: 'mp4v.61',
  width: 720,
  height: 576,
  frameRate: 25,
  interlaced: true,
  bitDepth: 8,
  isHdr: null,
} as const
const sound = { pid: 257, codec: 'ac3', codecString: 'ac-3', language: 'eng' } as const
const program = (changes: Partial<TsProgram> = {}): TsProgram => ({
  video,
  audio: [sound],
  pictures: 1,
  tables: Buffer.alloc(0),
  parameterSets: [],
  isScrambled: false,
  captions: null,
  texts: [],
  ...changes,
})
function tablesOf(bytes: Buffer): Buffer {
  const scanner = new TsScanner({ onPacket: () => {}, onProgramChange: () => {} })
  scanner.push(bytes)
  return scanner.program?.tables ?? Buffer.alloc(0)
}

const one: LiveConversion = { mode: 'transcode', maxHeight: null, qualities: ConversionSettings.parse({}).qualities }
const argumentsOf = (made: TsProgram, conversion: Partial<LiveConversion> = {}) =>
  buildArguments(planLiveConversion(made, { ...one, ...conversion }, software))
const given = (list: string[], name: string) => list[list.indexOf(name) + 1]

describe('what FFmpeg is told', () => {
  test('sound only: the picture stays, what browsers play stays, the rest becomes AAC', () => {
    const list = argumentsOf(
      program({
        audio: [
          { ...sound, codec: 'aac' },
          { ...sound, pid: 300 },
        ],
      }),
      { mode: 'audio' },
    )
    expect([given(list, '-c:v'), given(list, '-c:a:0'), given(list, '-c:a:1')]).toEqual(['copy', 'copy', 'aac'])
    expect(list.filter((_, at) => list[at - 1] === '-map')).toEqual(['0:#256', '0:#257', '0:#300'])
  })

  test('a track that the tables name and that never came is left out', () => {
    expect(argumentsOf(program({ audio: [sound, { ...sound, pid: 300, codecString: null }] }))).not.toContain('0:#300')
  })

  test('teletext and pictures go on as they are, each stream once, with the languages of its pages', () => {
    const page = { codec: 'dvb_teletext', pid: 500, page: 888, language: 'deu', isForDeaf: false } as const
    const texts = [
      page,
      { ...page, page: 889, language: null },
      { ...page, codec: 'dvb_subtitle', pid: 501, language: 'fra' } as const,
    ]
    const list = argumentsOf(program({ texts }))
    expect(list.filter((_, at) => list[at - 1] === '-map').slice(2)).toEqual(['0:#500?', '0:#501?'])
    expect([given(list, '-c:s'), given(list, '-metadata:s:s:0'), given(list, '-metadata:s:s:1')]).toEqual([
      'copy',
      'language=deu,und',
      'language=fra',
    ])
    const strange = argumentsOf(program({ texts: [{ ...page, language: 'a=b' }] }))
    expect([strange.includes('0:#500?'), strange.join(' ').includes('a=b')]).toEqual([true, false])
    expect(argumentsOf(program())).toContain('-sn')
    // A teletext begins with its first page, which is no subtitle; all pages count.
    const first = [...Buffer.from('DEU'), 0x09, 0x00]
    const words = [...Buffer.from('deu'), 0x10, 0x88]
    const strangers = [...Buffer.from('a=b'), 0x29, 0x89]
    const bytes = Buffer.from([6, 0xe1, 0xf4, 0xf0, 17, 0x56, 15, ...first, ...words, ...strangers])
    expect(listTextLanguages({ bytes })).toEqual(['deu', 'deu', 'a=b'])
    const map = findMap(tablesOf(sampleMedia({ seconds: 1 })))
    if (map === null) throw new Error('no tables')
    const tables = Buffer.concat([map.association, buildMap(map, [{ bytes } as MapEntry], 0)])
    const named = argumentsOf(program({ texts: [page], tables }))
    expect(given(named, '-metadata:s:s:0')).toBe('language=deu,deu,und')
  })

  test('half frames become whole ones, whole ones stay', () => {
    expect(given(argumentsOf(program()), '-filter_complex')).toMatch(/^\[0:#256\]bwdif=.*\[v0\]$/)
    expect(given(argumentsOf(program({ video: { ...video, interlaced: false } })), '-filter_complex')).not.toContain('bwdif')
  })

  test('no more lines than were asked for, and never more than there are', () => {
    expect(given(argumentsOf(program(), { maxHeight: 361 }), '-filter_complex')).toContain('h=360')
    expect(given(argumentsOf(program(), { maxHeight: 2_000 }), '-filter_complex')).toContain('h=576')
  })

  test('several qualities are several pictures of one output', () => {
    const list = argumentsOf(program(), {
      mode: 'ladder',
      qualities: [
        { height: 360, kilobits: 800 },
        { height: 1080, kilobits: 5_000 },
      ],
    })
    expect(list.filter((_, at) => list[at - 1] === '-map')).toEqual(['[v0]', '[v1]', '0:#257'])
    expect([given(list, '-maxrate:v:0'), given(list, '-maxrate:v:1')]).toEqual(['5000k', '800k'])
    expect(list.at(-1)).toBe('pipe:1')
  })

  test('no text of a provider becomes an argument, whatever it is', () => {
    const alphabet = [
      '-',
      '-i',
      '\n',
      ' ',
      '"',
      "'",
      ';',
      '$(x)',
      'http://x',
      ':',
      '%d',
      '\u{1F600}',
      '\u202e',
      'é',
      '=',
      '[',
      ',',
      'file:',
    ]
    const usual = argumentsOf(program({ audio: [{ ...sound, language: null }] }))
    let seed = 7
    const random = (below: number) => {
      seed = (seed * 48_271) % 2_147_483_647
      return seed % below
    }
    for (let round = 0; round < 10_000; round++) {
      const language = Array.from({ length: 1 + random(6) }, () => alphabet[random(alphabet.length)]).join('')
      expect(argumentsOf(program({ audio: [{ ...sound, language }] }))).toEqual(usual)
    }
  })
})

describe('a picture in HDR', () => {
  const able = { filters: new Set(['bwdif', 'zscale', 'tonemap']), hardware: null }
  const hdr = program({
    video: { ...video, codec: 'hevc', width: 3_840, height: 2_160, interlaced: false, bitDepth: 10, isHdr: true },
  })
  const graphOf = (made: TsProgram, conversion: Partial<LiveConversion> = {}, abilities = able) =>
    buildArguments(planLiveConversion(made, { ...one, ...conversion }, abilities))

  test('is made small first, then SDR, once for all qualities', () => {
    const list = graphOf(hdr, { mode: 'ladder' })
    const graph = given(list, '-filter_complex') ?? ''
    expect(graph).toMatch(
      /^\[0:#256\]scale=[^,]+:h=1080:[^,]+,setsar=1,zscale=t=linear.*tonemap=.*,format=yuv420p,split=5.*;\[p0\]null,/,
    )
    expect(graph.match(/tonemap=/g)).toHaveLength(1)
    expect(graph.match(/h=1080/g)).toHaveLength(1)
    expect([given(list, '-colorspace'), given(list, '-color_primaries'), given(list, '-color_trc')]).toEqual(
      Array(3).fill('bt709'),
    )
    expect(given(graphOf(hdr, { maxHeight: 720 }), '-filter_complex')).toMatch(/^\[0:#256\]scale=[^,]+:h=720:.*tonemap/)
  })

  test('stays as it is where FFmpeg lacks the filters, and when only the sound is converted; SDR is left alone', () => {
    expect(given(graphOf(hdr, {}, software), '-filter_complex')).not.toContain('zscale')
    expect(graphOf(hdr, { mode: 'audio' }).join(' ')).not.toMatch(/zscale|colorspace/)
    expect(graphOf(program()).join(' ')).not.toMatch(/zscale|colorspace/)
  })
})

describe('qualities', () => {
  test('a single one has the rate that the administrator set for its size', () => {
    const qualities = [
      { height: 720, kilobits: 1_500 },
      { height: 480, kilobits: 900 },
    ]
    const list = argumentsOf(program(), { maxHeight: 720, qualities })
    expect([given(list, '-maxrate:v:0'), list.includes('-maxrate:v:1')]).toEqual(['1500k', false])
  })

  test('the picture’s own size first, then those below it', () => {
    expect(rungsBelow(576).map(({ height }) => height)).toEqual([576, 480, 360, 240])
    expect(rungsBelow(576)[0]?.kilobits).toBe(2_800)
    expect(rungsBelow(200).map(({ height }) => height)).toEqual([200])
  })

  test('none is higher than the highest that the administrator set', () => {
    const lower = [720, 480].map(height => ({ height, kilobits: height * 2 }))
    expect(rungsBelow(1080, lower)).toEqual(lower)
    const picture = argumentsOf(program(), { maxHeight: null, qualities: [{ height: 240, kilobits: 400 }] })
    expect(picture.join(' ')).toContain(':h=240:')
  })

  test('even lines, at most 1080', () => {
    expect([topHeight({ height: 2160 }, null), topHeight({ height: 405 }, null), topHeight(null, 720)]).toEqual([1080, 404, 720])
  })

  test('what is told of a quality lies above what its decoder buffer allows', () => {
    expect(peakBandwidth({ height: 360, kilobits: 800 })).toBeGreaterThan((800 + 128) * 1_000)
  })
})

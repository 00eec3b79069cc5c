/** FFmpeg's names of what Matroska calls by other names. The longest beginning that fits counts. */
const byMatroska: Record<string, string> = {
  'V_MPEG4/ISO/AVC': 'h264',
  'V_MPEGH/ISO/HEVC': 'hevc',
  'V_MPEG4/ISO': 'mpeg4',
  'V_MPEG4/MS/V3': 'msmpeg4v3',
  V_MPEG1: 'mpeg1video',
  V_MPEG2: 'mpeg2video',
  V_VP8: 'vp8',
  V_VP9: 'vp9',
  V_AV1: 'av1',
  V_THEORA: 'theora',
  V_PRORES: 'prores',
  A_AAC: 'aac',
  A_AC3: 'ac3',
  A_EAC3: 'eac3',
  A_DTS: 'dts',
  A_TRUEHD: 'truehd',
  'A_MPEG/L3': 'mp3',
  'A_MPEG/L2': 'mp2',
  'A_MPEG/L1': 'mp1',
  A_OPUS: 'opus',
  A_VORBIS: 'vorbis',
  A_FLAC: 'flac',
  A_ALAC: 'alac',
  'A_PCM/INT/LIT': 'pcm_s16le',
  'A_PCM/INT/BIG': 'pcm_s16be',
  'A_PCM/FLOAT/IEEE': 'pcm_f32le',
  'S_TEXT/UTF8': 'subrip',
  'S_TEXT/ASCII': 'subrip',
  'S_TEXT/ASS': 'ass',
  'S_TEXT/SSA': 'ass',
  'S_TEXT/WEBVTT': 'webvtt',
  D_WEBVTT: 'webvtt',
  S_ASS: 'ass',
  S_SSA: 'ass',
  'S_HDMV/PGS': 'hdmv_pgs_subtitle',
  'S_HDMV/TEXTST': 'hdmv_text_subtitle',
  S_VOBSUB: 'dvd_subtitle',
  S_DVBSUB: 'dvb_subtitle',
}

const byFourCc: Record<string, string> = {
  H264: 'h264',
  X264: 'h264',
  AVC1: 'h264',
  HEVC: 'hevc',
  H265: 'hevc',
  XVID: 'mpeg4',
  DIVX: 'mpeg4',
  DX50: 'mpeg4',
  FMP4: 'mpeg4',
  MP4V: 'mpeg4',
  DIV3: 'msmpeg4v3',
  DIV4: 'msmpeg4v3',
  MP43: 'msmpeg4v3',
  MP42: 'msmpeg4v2',
  MPG2: 'mpeg2video',
  MPG1: 'mpeg1video',
  MJPG: 'mjpeg',
  WVC1: 'vc1',
  WMV1: 'wmv1',
  WMV2: 'wmv2',
  WMV3: 'wmv3',
  VP80: 'vp8',
  VP90: 'vp9',
  AV01: 'av1',
}

const byWaveFormat: Record<number, string> = {
  1: 'pcm_s16le',
  2: 'adpcm_ms',
  3: 'pcm_f32le',
  17: 'adpcm_ima_wav',
  80: 'mp2',
  85: 'mp3',
  255: 'aac',
  353: 'wmav2',
  354: 'wmapro',
  8192: 'ac3',
  8193: 'dts',
  5632: 'aac',
}

export const nameOfFourCc = (code: string): string => byFourCc[code.toUpperCase()] ?? 'unknown'
export const nameOfWaveFormat = (tag: number): string => byWaveFormat[tag] ?? 'unknown'

/** FFmpeg's name of a Matroska codec; its private data names what only a wrapper stands for. */
export function nameOfMatroska(id: string, config: Buffer | null): string {
  if (id === 'V_MS/VFW/FOURCC') return nameOfFourCc(config?.toString('latin1', 16, 20) ?? '')
  if (id === 'A_MS/ACM') return nameOfWaveFormat(config !== null && config.length >= 2 ? config.readUInt16LE(0) : 0)
  const known = Object.keys(byMatroska)
    .filter(name => id === name || id.startsWith(`${name}/`))
    .sort((a, b) => b.length - a.length)
  return byMatroska[known[0] ?? ''] ?? 'unknown'
}

const matroskaOf: Record<string, string> = {
  ...Object.fromEntries(Object.entries(byMatroska).map(([id, codec]) => [codec, id])),
  mpeg4: 'V_MPEG4/ISO/ASP',
  h264: 'V_MPEG4/ISO/AVC',
  subrip: 'S_TEXT/UTF8',
  ass: 'S_TEXT/ASS',
}

/** Matroska's name of a codec; null for one it has no name for. */
export const matroskaIdOf = (codec: string): string | null => matroskaOf[codec] ?? null

const containers: Record<string, string> = { mp4: 'MP4', matroska: 'Matroska (MKV)', webm: 'WebM', mpegts: 'MPEG-TS', avi: 'AVI' }

const codecs: Record<string, string> = {
  h264: 'H.264',
  hevc: 'HEVC',
  mpeg1video: 'MPEG-1',
  mpeg2video: 'MPEG-2',
  mpeg4: 'MPEG-4 Part 2',
  msmpeg4v3: 'DivX 3',
  vc1: 'VC-1',
  wmv3: 'Windows Media',
  av1: 'AV1',
  vp8: 'VP8',
  vp9: 'VP9',
  aac: 'AAC',
  'aac-latm': 'AAC (LATM)',
  mp2: 'MPEG layer II',
  mp3: 'MP3',
  ac3: 'Dolby Digital',
  eac3: 'Dolby Digital Plus',
  truehd: 'Dolby TrueHD',
  dts: 'DTS',
  flac: 'FLAC',
  opus: 'Opus',
  vorbis: 'Vorbis',
  wmav2: 'Windows Media',
}

/** What people call a codec. */
export const nameOfCodec = (codec: string): string => codecs[codec] ?? codec

/** What people call a container; "unknown" is a word as well. */
export const nameOfContainer = (container: string): string => containers[container] ?? 'unknown'

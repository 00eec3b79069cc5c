const decoders: Record<string, string[]> = {
  mp1: ['mp1float', 'mp1'],
  mp2: ['mp2float', 'mp2'],
  mp3: ['mp3float', 'mp3'],
  dts: ['dca'],
  opus: ['opus', 'libopus'],
  vorbis: ['vorbis', 'libvorbis'],
  av1: ['libdav1d', 'libaom-av1', 'av1'],
  vp8: ['vp8', 'libvpx'],
  vp9: ['vp9', 'libvpx-vp9'],
  msmpeg4v3: ['msmpeg4'],
  aac: ['aac', 'libfdk_aac'],
}

/** FFmpeg's decoders that may open a codec: the ones that distributions build. */
export const decodersOf = (codec: string): readonly string[] => decoders[codec] ?? [codec]

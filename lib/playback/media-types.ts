const byExtension: Record<string, string> = {
  mp4: 'video/mp4',
  m4v: 'video/mp4',
  mkv: 'video/x-matroska',
  webm: 'video/webm',
  avi: 'video/x-msvideo',
  mov: 'video/quicktime',
  flv: 'video/x-flv',
  wmv: 'video/x-ms-wmv',
  '3gp': 'video/3gpp',
  mpg: 'video/mpeg',
  mpeg: 'video/mpeg',
  ts: 'video/mp2t',
  mp3: 'audio/mpeg',
  m4a: 'audio/mp4',
  aac: 'audio/aac',
  m4s: 'video/iso.segment',
  cmfv: 'video/mp4',
  cmfa: 'audio/mp4',
  ac3: 'audio/ac3',
  ec3: 'audio/eac3',
  vtt: 'text/vtt',
  webvtt: 'text/vtt',
}

/** The media type of a file name's extension, in any case; null for one we do not know. */
export function mediaTypeOf(name: string): string | null {
  const extension = name.slice(name.lastIndexOf('.') + 1).toLowerCase()
  return Object.hasOwn(byExtension, extension) ? (byExtension[extension] ?? null) : null
}

/** The container a file name promises. */
export function containerOf(extension: string): 'mpegts' | 'mp4' | 'matroska' | 'webm' | 'hls' | 'other' {
  switch (extension.toLowerCase()) {
    case 'mp4':
    case 'm4v':
    case 'mov':
    case 'm4a':
      return 'mp4'
    case 'mkv':
      return 'matroska'
    case 'webm':
      return 'webm'
    case 'ts':
      return 'mpegts'
    case 'm3u8':
      return 'hls'
    default:
      return 'other'
  }
}

/** What a film is called in its address: players read the format from the ending. */
export function fileNameOf({ container }: { container: string | null }): string {
  return `film.${container ?? 'mp4'}`
}

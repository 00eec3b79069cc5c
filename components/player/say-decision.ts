const modes: Record<string, string> = {
  direct: 'Your browser fetches it from the provider itself.',
  'hls-proxy': 'It is passed on as the provider sends it.',
  'hls-package': 'It is cut into pieces, and nothing in it is changed.',
  file: 'The file is passed on as it is.',
  remux: 'It is packed anew; its picture is not changed.',
  audio: 'The sound is converted, the picture stays as it is.',
  transcode: 'Picture and sound are converted.',
  ladder: 'Picture and sound are converted, into several qualities.',
}

/** The way something plays, in one sentence. */
export const sayMode = (mode: string): string => modes[mode] ?? 'It plays in a way that this page does not know yet.'

const cores = new Intl.NumberFormat('en', { maximumSignificantDigits: 2 })

/** What it takes of the server, by rule of thumb; null when it takes next to nothing. */
export const sayCost = (cost: number): string | null =>
  cost > 0
    ? `That takes about ${cores.format(cost)} of the server’s processor cores, shared by everybody who watches it like this.`
    : null

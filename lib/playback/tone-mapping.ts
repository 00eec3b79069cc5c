import type { FfmpegAbilities } from '@/lib/platform/ffmpeg'

/** Is HDR made SDR here? */
export const isToneMapped = (picture: { isHdr: boolean | null } | null, { filters }: Pick<FfmpegAbilities, 'filters'>): boolean =>
  picture?.isHdr === true && filters.has('zscale') && filters.has('tonemap')

/** From the light of HDR to that of BT.709. It counts in floats, so it belongs behind whatever makes the picture smaller. */
export const toneMap = 'zscale=t=linear:npl=100,format=gbrpf32le,zscale=p=bt709,tonemap=hable:desat=0,zscale=t=bt709:m=bt709:r=tv'

/** What came as HDR is BT.709 from here on, whatever its size: players assume older colours of small pictures. */
export const toneMappedColours = ['-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709'] as const

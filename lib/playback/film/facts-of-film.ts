import type { SourceFacts } from '../facts'
import type { Film, FilmTrack } from './film'
import { keyDistanceOf, pictureOf } from './layout'
import { describeForMp4 } from './make/sample-entries'
import { shapeOf } from './read/picture-shape'

/** Of each kind. */
const MOST = 64

/** What deciding needs to know of a film. */
export function factsOfFilm(film: Film, size: number): SourceFacts {
  const picture = pictureOf(film)
  return {
    container: film.container,
    video: picture && {
      codec: picture.codec,
      codecString: film.isCopyable ? (describeForMp4(picture)?.codecString ?? null) : null,
      width: picture.width,
      height: picture.height,
      frameRate: picture.frameRate,
      isHdr: picture.isHdr,
      openGroups: film.openGroups ?? null,
      ...shapeOf(picture),
    },
    audio: ofKind(film, 'audio').map(track => ({
      codec: track.codec,
      codecString: describeForMp4(track)?.codecString ?? null,
      channels: track.channels,
      language: track.language,
      title: track.title,
      isDefault: track.isDefault,
    })),
    subtitles: [
      ...ofKind(film, 'subtitle').map(({ codec, language, title, isDefault, isForced }) => ({
        codec,
        language,
        title,
        isDefault,
        isForced,
      })),
      ...captionsOf(film),
    ].slice(0, MOST),
    durationSeconds: film.duration,
    bitrate: Math.round((size * 8) / film.duration / 1_000),
    keyframeSeconds: keyDistanceOf(film),
    // Only Matroska may come without: the tables of MP4 always say where everything is.
    hasIndex: film.keyTimes !== null || film.container === 'mp4',
    seen: 'probe',
  }
}

const ofKind = ({ tracks }: Film, kind: FilmTrack['kind']): FilmTrack[] =>
  tracks.filter(track => track.kind === kind).slice(0, MOST)

/** Browsers show none of a file that they open themselves: with captions, too, a film has something to choose. */
const captionsOf = ({ captions }: Film): SourceFacts['subtitles'] =>
  captions == null ? [] : [{ codec: `eia_${captions}`, language: null, title: null, isDefault: false, isForced: false }]

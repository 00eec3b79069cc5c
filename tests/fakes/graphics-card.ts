import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** works · broken: encodes nothing · dies: stops in the middle after so many seconds, except in the test that is made of it first. */
export type CardMood = 'works' | 'broken' | `dies ${number}`

export interface FakeCard {
  /** An FFmpeg for FFMPEG_PATH: the real one, with a card that speaks VAAPI. */
  program: string
  set(mood: CardMood): void
  /** What it was asked for so far, in order. */
  runs(): ('test' | 'work')[]
  end(): void
}

const script = (folder: string) => `#!/bin/bash
case " $* " in *" h264_vaapi "*) ;; *) exec ffmpeg "$@" ;; esac
read -r mood life < "${folder}/mood"
what=work
skip=0
given=()
for word in "$@"; do
  if [ $skip = 1 ]; then skip=0; continue; fi
  case "$word" in
    -init_hw_device | -filter_hw_device | -idr_interval) skip=1 ;;
    h264_vaapi) given+=(libx264 -preset ultrafast -tune zerolatency) ;;
    *testsrc2*) what=test; given+=("$word") ;;
    *) given+=("\${word//,hwupload/}") ;;
  esac
done
echo $what >> "${folder}/runs"
if [ $mood = broken ]; then
  echo "Failed to initialise VAAPI connection: -1 (unknown libva error)." >&2
  exit 1
fi
if [ $mood = dies ] && [ $what = work ]; then exec timeout --foreground -s KILL $life ffmpeg "\${given[@]}"; fi
exec ffmpeg "\${given[@]}"
`

/** A graphics card that is none: what is asked of it the processor does, as long as its mood allows. */
export function makeCard(): FakeCard {
  const folder = mkdtempSync(join(tmpdir(), 'watchtheflix-card-'))
  const program = join(folder, 'ffmpeg')
  writeFileSync(program, script(folder), { mode: 0o755 })
  writeFileSync(join(folder, 'runs'), '')
  const set = (mood: CardMood) => writeFileSync(join(folder, 'mood'), `${mood}\n`)
  set('works')
  const runs = () => readFileSync(join(folder, 'runs'), 'utf8').split('\n').filter(Boolean) as ('test' | 'work')[]
  return { program, set, runs, end: () => rmSync(folder, { recursive: true, force: true }) }
}

import { randomUUID } from 'node:crypto'
import { existsSync, readFileSync, readlinkSync } from 'node:fs'

/** This boot of this machine and the processes that one can see here; null where the system does not tell (other than Linux). */
function machine(): string | null {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    return `${boot}.${/\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? ''}`
  } catch {
    return null
  }
}

/** Systems may hide the processes of other users (hidepid): what cannot be seen is not gone. The first process is never ours alone. */
function canSee(): boolean {
  try {
    return existsSync('/proc/1/stat')
  } catch {
    return false
  }
}

/**
 * When a process began, in ticks since the boot: with it a number that was given to another process later is not mistaken. Null when
 * there is no such process, undefined where one may not look.
 */
function birthOf(pid: number): string | null | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const [state = '', ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    // Dead, though nobody has asked how it ended; its connections are closed.
    return state === 'Z' || state === 'X' ? null : fields[18]
  } catch (error) {
    const isGone = error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH')
    return isGone && canSee() ? null : undefined
  }
}

/** A name for what process `pid` holds, from which other processes of this machine can tell when it is dead. */
export function newHolder(pid = process.pid): string {
  const [here, birth] = [machine(), birthOf(pid)]
  return here === null || !birth ? randomUUID() : `${here}/${pid}.${birth}/${randomUUID()}`
}

/** Is the process that holds this surely gone? False for one of another machine, of which nothing is known. */
export function isDead(holder: string): boolean {
  const [place, process = ''] = holder.split('/')
  const [pid, birth] = process.split('.')
  if (process === '' || place !== machine()) return false
  const found = birthOf(Number(pid))
  return found !== undefined && found !== birth
}

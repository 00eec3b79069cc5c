import { randomUUID } from 'node:crypto'
import { readFileSync, readlinkSync } from 'node:fs'

/** This boot of this machine and the processes that one can see here; null where the system does not tell (other than Linux). */
function machine(): string | null {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    return `${boot}.${/\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? ''}`
  } catch {
    return null
  }
}

/** When a process began, in ticks since the boot: with it a number that was given to another process later is not mistaken. */
function birthOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const [state = '', ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    // Dead, though nobody has asked how it ended; its connections are closed.
    return state === 'Z' || state === 'X' ? null : (fields[18] ?? null)
  } catch {
    return null
  }
}

/** A name for what process `pid` holds, from which other processes of this machine can tell when it is dead. */
export function newHolder(pid = process.pid): string {
  const here = machine()
  return here === null ? randomUUID() : `${here}/${pid}.${birthOf(pid)}/${randomUUID()}`
}

/** Is the process that holds this surely gone? False for one of another machine, of which nothing is known. */
export function isDead(holder: string): boolean {
  const [place, process = ''] = holder.split('/')
  const [pid, birth] = process.split('.')
  return process !== '' && place === machine() && birthOf(Number(pid)) !== birth
}

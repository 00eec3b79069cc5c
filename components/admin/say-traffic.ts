const bytesUnits = ['B', 'kB', 'MB', 'GB', 'TB'] as const
const bitUnits = ['kbit/s', 'Mbit/s', 'Gbit/s'] as const

function say(value: number, units: readonly string[]): string {
  let rest = value
  let unit = 0
  while (rest >= 999.5 && unit < units.length - 1) {
    rest /= 1_000
    unit += 1
  }
  const digits = unit > 0 && rest < 9.95 ? 1 : 0
  return `${rest.toLocaleString(undefined, { minimumFractionDigits: digits, maximumFractionDigits: digits })} ${units[unit]}`
}

/** "840 kB", "1.2 GB". */
export const sayBytes = (bytes: number): string => say(bytes, bytesUnits)

/** "4.2 Mbit/s", from kbit/s. */
export const sayBitrate = (kilobits: number): string => say(kilobits, bitUnits)

const pad = (value: number) => String(value).padStart(2, '0')

/** "0:07", "12:05", "3:02:09". */
export function sayTicking(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds))
  const hours = Math.floor(whole / 3_600)
  const minutes = Math.floor(whole / 60) % 60
  const rest = pad(whole % 60)
  return hours > 0 ? `${hours}:${pad(minutes)}:${rest}` : `${minutes}:${rest}`
}
